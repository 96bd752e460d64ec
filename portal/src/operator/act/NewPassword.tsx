import { PasswordInput } from '@mantine/core';

const least = 8;

export const isLongEnough = (password: string) => password.length >= least;

export function NewPassword({ password, set }: { password: string; set: (password: string) => void }) {
  return (
    <PasswordInput
      label="New password"
      description="At least eight characters, and none of the common ones."
      autoComplete="new-password"
      maxLength={128}
      value={password}
      onChange={(event) => set(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
    />
  );
}

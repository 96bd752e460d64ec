import { PasswordInput } from '@mantine/core';

const least = 8;

export const isLongEnough = (password: string) => password.length >= least;

interface Props {
  password: string;
  set: (password: string) => void;
  /** Whether it is the first field of its dialog. */
  isFirst?: boolean;
}

export function NewPassword({ password, set, isFirst }: Props) {
  return (
    <PasswordInput
      label="New password"
      description="At least eight characters, and none of the common ones."
      autoComplete="new-password"
      maxLength={128}
      value={password}
      onChange={(event) => set(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
      data-autofocus={isFirst}
    />
  );
}

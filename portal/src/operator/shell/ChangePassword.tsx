import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog, DialogFoot } from '~/shared/ui/Dialog';
import { told } from '~/shared/ui/notify';
import { Refusal } from '~/shared/ui/states';
import { isLongEnough, NewPassword } from '../act/NewPassword';
import { changePassword, type Operator } from '../session';

interface Props {
  operator: Operator;
  onClose: () => void;
}

/** The password of who is signed in. */
export default function ChangePassword({ operator, onClose }: Props) {
  const [current, setCurrent] = useState('');
  const [wanted, setWanted] = useState('');
  const [code, setCode] = useState('');
  const changing = useMutation({
    mutationFn: () => changePassword(current, wanted, code.trim()),
    onSuccess: () => {
      told('Your password is changed. You are signed in here alone.');
      onClose();
    },
  });
  const isReady = current !== '' && isLongEnough(wanted) && (!operator.totp || code.trim().length === 6);
  return (
    <Dialog opened onClose={onClose} title="Change your password">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !changing.isPending) changing.mutate();
        }}
      >
        <Stack>
          <Text size="sm">You stay signed in here, and are signed out everywhere else.</Text>
          <input type="email" autoComplete="username" value={operator.name} readOnly hidden />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            maxLength={128}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            data-autofocus
          />
          <NewPassword password={wanted} set={setWanted} />
          {operator.totp && (
            <TextInput
              label="One-time code"
              description="A code is good once: not the one that you have just signed in with."
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <Refusal error={changing.error} />
          <DialogFoot onClose={onClose}>
            <Button type="submit" loading={changing.isPending} disabled={!isReady}>
              Change the password
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Dialog>
  );
}

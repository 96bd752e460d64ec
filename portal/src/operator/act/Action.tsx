import {
  Alert,
  Button,
  Group,
  Modal,
  Stack,
  Text,
  TextInput,
  Textarea,
  type ButtonProps,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { asProblem } from '~/shared/api/problem';
import { told } from '~/shared/ui/notify';
import { useMay, type Role } from '../roles';

interface Props {
  /** On the button that opens the dialog. */
  name: string;
  /** Which thing it is about, for a screen reader that reads several buttons of one name. */
  about?: string;
  look?: Pick<ButtonProps, 'variant' | 'size' | 'color' | 'leftSection'>;
  /** The role that is needed; without it there is no button. */
  role: Role;
  title: string;
  /** What will happen. */
  says: ReactNode;
  /** On the button that does it. */
  confirm: ReactNode;
  isDangerous?: boolean;
  /** What has to be typed before: the name of the thing. */
  typed?: string;
  /** Asks why. */
  reason?: { label: string; longest: number };
  /** Where fields need room. */
  isWide?: boolean;
  /** Further fields. */
  children?: ReactNode;
  /** Whether these are filled in. */
  isReady?: boolean;
  /** Whether it is done already, and the fields tell what came of it. */
  isDone?: boolean;
  onOpen?: () => void;
  /** Returns what the reader is told when it is done; nothing if the fields say it. */
  run: (reason: string) => Promise<string | undefined>;
}

/** A button for something that changes things: it says first what will happen. */
export function Action({ name, about, look, role, onOpen, isWide, ...dialog }: Props) {
  const [opened, { open, close }] = useDisclosure(false);
  if (!useMay(role)) return null;
  return (
    <>
      <Button
        variant="default"
        size="sm"
        {...look}
        aria-label={about && `${name} ${about}`}
        onClick={() => {
          onOpen?.();
          open();
        }}
      >
        {name}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={dialog.title}
        centered
        size={isWide ? 'xl' : undefined}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Form {...dialog} close={close} />
      </Modal>
    </>
  );
}

type FormProps = Omit<Props, 'name' | 'about' | 'look' | 'role' | 'title' | 'isWide' | 'onOpen'> & {
  close: () => void;
};

function Form({
  says,
  confirm,
  isDangerous,
  typed,
  reason,
  children,
  isReady = true,
  isDone,
  run,
  close,
}: FormProps) {
  const [why, setWhy] = useState('');
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const doing = useMutation({
    mutationFn: () => run(why.trim()),
    onSuccess: async (done) => {
      if (done !== undefined) {
        close();
        told(done);
      }
      await queries.invalidateQueries();
    },
  });
  const isFilledIn =
    isReady && (!reason || why.trim() !== '') && (typed === undefined || name.trim() === typed);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isFilledIn && !doing.isPending) doing.mutate();
      }}
    >
      <Stack>
        <Text size="sm" component="div">
          {says}
        </Text>
        {children}
        {reason && (
          <Textarea
            label={reason.label}
            maxLength={reason.longest}
            autosize
            minRows={2}
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
            data-autofocus={children ? undefined : true}
          />
        )}
        {typed !== undefined && (
          <TextInput
            label={`Type ${typed} to go on`}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus={children || reason ? undefined : true}
          />
        )}
        {doing.error && (
          <Alert color="red" role="alert" variant="light">
            {asProblem(doing.error).message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {isDone ? 'Close' : 'Cancel'}
          </Button>
          {!isDone && (
            <Button
              type="submit"
              color={isDangerous ? 'red' : undefined}
              disabled={!isFilledIn}
              loading={doing.isPending}
            >
              {confirm}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { words } from '../text/words';
import { Refusal } from './states';

interface DialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: 'md' | 'lg';
  children: ReactNode;
}

/** Something that is done or looked at before the page goes on. */
export function Dialog({ opened, onClose, title, size, children }: DialogProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      size={size}
      centered
      closeButtonProps={{ 'aria-label': words.close }}
    >
      {children}
    </Modal>
  );
}

/** What ends a dialog: the way out, and `children`, the way on. */
export function DialogFoot({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onClose}>
        {words.cancel}
      </Button>
      {children}
    </Group>
  );
}

interface ConfirmProps extends DialogProps {
  error: unknown;
  confirm: ReactNode;
}

/** Says what will happen, and what it costs, before it does. */
export function ConfirmDialog({ children, error, confirm, ...dialog }: ConfirmProps) {
  return (
    <Dialog {...dialog}>
      <Stack>
        {children}
        <Refusal error={error} />
        <DialogFoot onClose={dialog.onClose}>{confirm}</DialogFoot>
      </Stack>
    </Dialog>
  );
}

import { Button, Stack, Text } from '@mantine/core';
import { CopyField } from '~/shared/ui/CopyField';
import { Dialog } from '~/shared/ui/Dialog';
import { t } from '../words';

interface Props {
  title: string;
  text: string;
  label: string;
  /** Null while there is none to show. */
  secret: string | null;
  onClose: () => void;
}

/** A secret is shown once. */
export function SecretDialog({ title, text, label, secret, onClose }: Props) {
  return (
    <Dialog opened={secret !== null} onClose={onClose} title={title}>
      <Stack>
        <Text size="sm">{text}</Text>
        <CopyField label={label} text={secret ?? ''} />
        <Button onClick={onClose}>{t.developers.copied}</Button>
      </Stack>
    </Dialog>
  );
}

import { Alert, Button, Group } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { t } from '../words';

/** Above every page, while an operator looks at the account. */
export function Viewing({ company, onEnd }: { company: string; onEnd: () => void }) {
  return (
    <Alert color="violet" variant="light" mb="md" icon={<IconEye />} role="status">
      <Group justify="space-between">
        {t.shell.viewing(company)}
        <Button size="compact-sm" variant="default" onClick={onEnd}>
          {t.shell.endView}
        </Button>
      </Group>
    </Alert>
  );
}

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { failed, told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import { keysQuery, revokeKey, type ApiKey } from './data';

export function Keys() {
  const keys = useQuery(keysQuery);
  const [ended, setEnded] = useState<ApiKey | null>(null);
  const columns: Column<ApiKey>[] = [
    { name: 'Key', cell: (key) => <span className="mono">{key.prefix}…</span> },
    { name: 'Created', cell: (key) => moment(key.created_at) },
    { name: 'Last used', cell: (key) => (key.last_used_at ? moment(key.last_used_at) : 'Never') },
    {
      name: '',
      right: true,
      cell: (key) => (
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          onClick={() => setEnded(key)}
          aria-label={`Revoke ${key.prefix}`}
        >
          Revoke
        </Button>
      ),
    },
  ];
  return (
    <Card title="API keys" flush>
      <Shown of={keys} lines={3}>
        {(rows) => (
          <DataTable
            caption="API keys"
            columns={columns}
            rows={rows}
            keyOf={(key) => key.prefix}
            empty={
              <Empty title="No API keys">
                The documentation tells how a program gets one by a one-time code.
              </Empty>
            }
          />
        )}
      </Shown>
      <RevokeDialog apiKey={ended} onClose={() => setEnded(null)} />
    </Card>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: (prefix: string) => revokeKey(prefix),
    onSuccess: async () => {
      told('The key is revoked.');
      onClose();
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
    onError: failed,
  });
  return (
    <Modal
      opened={apiKey !== null}
      onClose={onClose}
      title="Revoke the key"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <Text size="sm">
          Programs that use <span className="mono">{apiKey?.prefix}…</span> are refused from now on, at once
          and for good.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            color="red"
            loading={revoking.isPending}
            onClick={() => apiKey && revoking.mutate(apiKey.prefix)}
          >
            Revoke
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

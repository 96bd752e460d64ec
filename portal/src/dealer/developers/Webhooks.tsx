import { Badge, Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { failed, told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import { removeWebhook, rotateSecret, setDisabled, testWebhook, webhooksQuery, type Webhook } from './data';
import { Deliveries } from './Deliveries';
import { NewWebhook, SecretDialog } from './NewWebhook';

function WebhookState({ hook }: { hook: Webhook }) {
  if (hook.disabled)
    return (
      <Badge variant="light" tt="none" fw={500} color="red" title={hook.disabled_reason ?? undefined}>
        Disabled
      </Badge>
    );
  return (
    <Badge
      variant="light"
      tt="none"
      fw={500}
      color={hook.last_error ? 'orange' : 'green'}
      title={hook.last_error ?? undefined}
    >
      {hook.last_error ? 'Last one failed' : 'Active'}
    </Badge>
  );
}

export function Webhooks() {
  const hooks = useQuery(webhooksQuery);
  const [isAdding, adding] = useDisclosure(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [looked, setLooked] = useState<Webhook | null>(null);
  const columns: Column<Webhook>[] = [
    { name: 'Address', cell: (hook) => <span style={{ overflowWrap: 'anywhere' }}>{hook.url}</span> },
    { name: 'Events', cell: (hook) => hook.events.join(', ') },
    { name: 'State', cell: (hook) => <WebhookState hook={hook} /> },
    { name: 'Last success', cell: (hook) => (hook.last_success_at ? moment(hook.last_success_at) : 'Never') },
    {
      name: '',
      right: true,
      cell: (hook) => <HookMenu hook={hook} onSecret={setSecret} onLook={() => setLooked(hook)} />,
    },
  ];
  return (
    <Card
      title="Webhooks"
      flush
      actions={
        <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={adding.open}>
          Add webhook
        </Button>
      }
    >
      <Shown of={hooks} lines={3}>
        {(rows) => (
          <DataTable
            caption="Webhooks"
            columns={columns}
            rows={rows}
            keyOf={(hook) => hook.id}
            empty={
              <Empty title="No webhooks">We can tell your own server what happens, by signed messages.</Empty>
            }
          />
        )}
      </Shown>
      <NewWebhook opened={isAdding} onClose={adding.close} onSecret={setSecret} />
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
      <Deliveries hook={looked} onClose={() => setLooked(null)} />
    </Card>
  );
}

interface MenuProps {
  hook: Webhook;
  onSecret: (secret: string) => void;
  onLook: () => void;
}

function HookMenu({ hook, onSecret, onLook }: MenuProps) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  const testing = useMutation({
    mutationFn: () => testWebhook(hook.id),
    onSuccess: async () => {
      told('A test event is on its way.');
      await queries.invalidateQueries({ queryKey: ['deliveries', hook.id] });
      onLook();
    },
    onError: failed,
  });
  const rotating = useMutation({
    mutationFn: () => rotateSecret(hook.id),
    onSuccess: (answer) => onSecret(answer.secret),
    onError: failed,
  });
  const switching = useMutation({
    mutationFn: () => setDisabled(hook.id, !hook.disabled),
    onSuccess: refresh,
    onError: failed,
  });
  const removing = useMutation({
    mutationFn: () => removeWebhook(hook.id),
    onSuccess: refresh,
    onError: failed,
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button size="compact-sm" variant="default" aria-label={`What to do with ${hook.url}`}>
          <IconDots size={16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onLook}>Deliveries</Menu.Item>
        <Menu.Item disabled={hook.disabled} onClick={() => testing.mutate()}>
          Send a test event
        </Menu.Item>
        <Menu.Item onClick={() => rotating.mutate()}>New secret; the old one holds for a day</Menu.Item>
        <Menu.Item onClick={() => switching.mutate()}>{hook.disabled ? 'Enable' : 'Disable'}</Menu.Item>
        <Menu.Item color="red" onClick={() => removing.mutate()}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Button, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { ConfirmDialog } from '~/shared/ui/Dialog';
import { failed, told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { t } from '../words';
import { changeWebhook, removeWebhook, rotateSecret, testWebhook, webhooksQuery, type Webhook } from './data';
import { Deliveries } from './Deliveries';
import { SecretDialog } from './SecretDialog';
import { WebhookForm } from './WebhookForm';

function WebhookState({ hook }: { hook: Webhook }) {
  if (hook.disabled)
    return (
      <Tag color="red" title={hook.disabled_reason ?? undefined}>
        {t.developers.disabled}
      </Tag>
    );
  return (
    <Tag color={hook.last_error ? 'orange' : 'green'} title={hook.last_error ?? undefined}>
      {hook.last_error ? t.developers.lastFailed : t.developers.active}
    </Tag>
  );
}

export function Webhooks() {
  const hooks = useQuery(webhooksQuery);
  const [edited, setEdited] = useState<Webhook | 'new' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [looked, setLooked] = useState<Webhook | null>(null);
  const columns: Column<Webhook>[] = [
    {
      name: t.developers.address,
      cell: (hook) => <span style={{ overflowWrap: 'anywhere' }}>{hook.url}</span>,
    },
    { name: t.developers.events, cell: (hook) => hook.events.join(', ') },
    { name: t.fields.state, cell: (hook) => <WebhookState hook={hook} /> },
    {
      name: t.developers.lastSuccess,
      cell: (hook) => (hook.last_success_at ? moment(hook.last_success_at) : t.fields.never),
    },
    {
      name: '',
      right: true,
      cell: (hook) => (
        <HookMenu
          hook={hook}
          onSecret={setSecret}
          onLook={() => setLooked(hook)}
          onChange={() => setEdited(hook)}
        />
      ),
    },
  ];
  return (
    <Card
      title={t.developers.webhooks}
      flush
      actions={
        <Button
          variant="default"
          size="sm"
          leftSection={<IconPlus size={16} />}
          onClick={() => setEdited('new')}
        >
          {t.developers.addWebhook}
        </Button>
      }
    >
      <Shown of={hooks} lines={3}>
        {(rows) => (
          <DataTable
            caption={t.developers.webhooks}
            columns={columns}
            rows={rows}
            keyOf={(hook) => hook.id}
            empty={<Empty title={t.developers.noWebhooks}>{t.developers.noWebhooksText}</Empty>}
          />
        )}
      </Shown>
      <WebhookForm of={edited} onClose={() => setEdited(null)} onSecret={setSecret} />
      <SecretDialog
        title={t.developers.secretTitle}
        text={t.developers.secretText}
        label={t.developers.secret}
        secret={secret}
        onClose={() => setSecret(null)}
      />
      <Deliveries hook={looked} onClose={() => setLooked(null)} />
    </Card>
  );
}

interface MenuProps {
  hook: Webhook;
  onSecret: (secret: string) => void;
  onLook: () => void;
  onChange: () => void;
}

function HookMenu({ hook, onSecret, onLook, onChange }: MenuProps) {
  const queries = useQueryClient();
  const [isEnding, ending] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: ['webhooks'] });
  const testing = useMutation({
    mutationFn: () => testWebhook(hook.id),
    onSuccess: async () => {
      told(t.developers.testSent);
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
    mutationFn: () => changeWebhook(hook.id, { disabled: !hook.disabled }),
    onSuccess: refresh,
    onError: failed,
  });
  const removing = useMutation({
    mutationFn: () => removeWebhook(hook.id),
    onSuccess: refresh,
  });
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <Button size="compact-sm" variant="default" aria-label={t.developers.whatToDo(hook.url)}>
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onLook}>{t.developers.deliveries}</Menu.Item>
          <Menu.Item disabled={hook.disabled} onClick={() => testing.mutate()}>
            {t.developers.sendTest}
          </Menu.Item>
          <Menu.Item onClick={onChange}>{t.developers.change}</Menu.Item>
          <Menu.Item onClick={() => rotating.mutate()}>{t.developers.rotate}</Menu.Item>
          <Menu.Item onClick={() => switching.mutate()}>
            {hook.disabled ? t.developers.enable : t.developers.disable}
          </Menu.Item>
          <Menu.Item color="red" onClick={ending.open}>
            {t.developers.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ConfirmDialog
        opened={isEnding}
        onClose={ending.close}
        title={t.developers.removeTitle}
        error={removing.error}
        confirm={
          <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
            {t.developers.remove}
          </Button>
        }
      >
        <Text size="sm">{t.developers.removeText(hook.url)}</Text>
      </ConfirmDialog>
    </>
  );
}

import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { day, moment } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { ConfirmDialog } from '~/shared/ui/Dialog';
import { told } from '~/shared/ui/notify';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { keysQuery, revokeKey, type ApiKey } from './data';
import { NewKey } from './NewKey';
import { SecretDialog } from './SecretDialog';
import { scopes } from './wishes';

/** What the key may do, and from where. */
function Rights({ apiKey }: { apiKey: ApiKey }) {
  const all = scopes.every((scope) => apiKey.scopes.includes(scope));
  return (
    <>
      {all
        ? t.developers.everything
        : apiKey.scopes.map((scope) => t.developers.scopesShort[scope]).join(', ')}
      {apiKey.allowedIps.length > 0 && (
        <div className={ui.label}>{t.developers.from(apiKey.allowedIps.join(', '))}</div>
      )}
    </>
  );
}

const columns = (revoke: (key: ApiKey) => void): Column<ApiKey>[] => [
  {
    name: t.developers.key,
    cell: (key) => (
      <>
        <div>{key.label ?? ''}</div>
        <span className="mono">{key.prefix}…</span>
      </>
    ),
  },
  { name: t.developers.rights, cell: (key) => <Rights apiKey={key} /> },
  { name: t.developers.created, whole: true, cell: (key) => day(key.created_at) },
  {
    name: t.developers.expires,
    whole: true,
    cell: (key) => (key.expiresAt ? day(key.expiresAt) : t.fields.never),
  },
  {
    name: t.developers.lastUsed,
    cell: (key) => (key.last_used_at ? moment(key.last_used_at) : t.fields.never),
  },
  {
    name: '',
    right: true,
    cell: (key) => (
      <Button
        size="compact-sm"
        variant="subtle"
        color="red"
        onClick={() => revoke(key)}
        aria-label={t.developers.revokeWhat(key.prefix)}
      >
        {t.developers.revoke}
      </Button>
    ),
  },
];

export function Keys() {
  const keys = useQuery(keysQuery);
  const [isMaking, making] = useDisclosure(false);
  const [made, setMade] = useState<string | null>(null);
  const [ended, setEnded] = useState<ApiKey | null>(null);
  return (
    <Card
      title={t.developers.keys}
      flush
      actions={
        <Button variant="default" size="sm" leftSection={<IconPlus size={16} />} onClick={making.open}>
          {t.developers.newKey}
        </Button>
      }
    >
      <Shown of={keys} lines={3}>
        {(rows) => (
          <DataTable
            caption={t.developers.keys}
            columns={columns(setEnded)}
            rows={rows}
            keyOf={(key) => key.prefix}
            empty={<Empty title={t.developers.noKeys}>{t.developers.noKeysText}</Empty>}
          />
        )}
      </Shown>
      <NewKey opened={isMaking} onClose={making.close} onKey={setMade} />
      <SecretDialog
        title={t.developers.keyTitle}
        text={t.developers.keyText}
        label={t.developers.key}
        secret={made}
        onClose={() => setMade(null)}
      />
      <RevokeDialog apiKey={ended} onClose={() => setEnded(null)} />
    </Card>
  );
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey | null; onClose: () => void }) {
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: (prefix: string) => revokeKey(prefix),
    onSuccess: async () => {
      told(t.developers.revoked);
      onClose();
      await queries.invalidateQueries({ queryKey: ['keys'] });
    },
  });
  return (
    <ConfirmDialog
      opened={apiKey !== null}
      onClose={onClose}
      title={t.developers.revokeTitle}
      error={revoking.error}
      confirm={
        <Button
          color="red"
          loading={revoking.isPending}
          onClick={() => apiKey && revoking.mutate(apiKey.prefix)}
        >
          {t.developers.revoke}
        </Button>
      }
    >
      <Text size="sm">{t.developers.revokeText(apiKey?.prefix ?? '')}</Text>
    </ConfirmDialog>
  );
}

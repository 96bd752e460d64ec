import { Stack, Text } from '@mantine/core';
import { useRouteContext } from '@tanstack/react-router';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { t } from '../words';

interface Case {
  name: string;
  happens: string;
}

const cases = (): Case[] => [
  { name: '…sandbox-reject', happens: t.developers.sandboxCases.reject },
  { name: '…sandbox-flaky', happens: t.developers.sandboxCases.flaky },
  { name: '…sandbox-timeout', happens: t.developers.sandboxCases.timeout },
  { name: 'AVAILABLE-… USED-… INVALID-…', happens: t.developers.sandboxCases.verdicts },
];

const columns = (): Column<Case>[] => [
  { name: t.developers.sandboxTry, cell: (one) => <span className="mono">{one.name}</span> },
  { name: t.developers.sandboxHappens, cell: (one) => one.happens },
];

/** Which of both this is, how to change over, and what can be tried. */
export function Sandbox() {
  const { dealer } = useRouteContext({ from: '/inside' });
  return (
    <Card title={t.developers.sandbox}>
      <Stack>
        <Text size="sm">{dealer.sandbox ? t.developers.sandboxHere : t.developers.sandboxNotHere}</Text>
        <Text size="sm">{t.developers.sandboxCheck}</Text>
        <Text size="sm">{t.developers.sandboxWhat}</Text>
        <DataTable
          caption={t.developers.sandbox}
          columns={columns()}
          rows={cases()}
          keyOf={(one) => one.name}
          empty={null}
        />
      </Stack>
    </Card>
  );
}

import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { plural, signedUsd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Failed } from '~/shared/ui/states';
import { useMay } from '../roles';
import { utcDay } from '../search';
import { when } from '../when';
import { reconcile } from './data';
import { DayRange } from './DayRange';

type Answer = Awaited<ReturnType<typeof reconcile>>;
type Movement = Answer['missing_here'][number];

const columns: Column<Movement>[] = [
  { name: 'Time', cell: (movement) => when(movement.at) },
  { name: 'Type', cell: (movement) => movement.type },
  { name: 'Movement', cell: (movement) => <span className="mono">{movement.id}</span> },
  { name: 'Amount', right: true, cell: (movement) => signedUsd(movement.amount) },
];

/** Compares what Stripe has moved with what is here. */
export function Reconciliation() {
  const [days, setDays] = useState({ from: utcDay(7), to: utcDay(1) });
  const asking = useMutation({ mutationFn: () => reconcile(days) });
  const isOpen = useMay('finance');
  return (
    <Card title="Reconcile with Stripe">
      <Stack>
        <Text size="sm" c="dimmed">
          Every movement of these days at Stripe is held against ours. Nothing is changed.
        </Text>
        {isOpen ? (
          <>
            <DayRange days={days} set={setDays} />
            <div>
              <Button size="sm" loading={asking.isPending} onClick={() => asking.mutate()}>
                Reconcile
              </Button>
            </div>
          </>
        ) : (
          <Text size="sm">This takes the role finance.</Text>
        )}
        {asking.error && <Failed error={asking.error} retry={() => asking.mutate()} />}
        {asking.data && <Result answer={asking.data} />}
      </Stack>
    </Card>
  );
}

function Result({ answer }: { answer: Answer }) {
  const said = `${plural(answer.at_stripe, 'movement')} at Stripe, ${answer.here} here.`;
  if (answer.ok)
    return (
      <Alert color="green" variant="light" role="status" title="They agree">
        {said}
      </Alert>
    );
  return (
    <Stack role="status">
      <Alert color="red" variant="light" title="They differ">
        {said} Replay the payment that it belongs to: that asks Stripe again.
      </Alert>
      {answer.missing_here.length > 0 && <Missing title="Missing here" rows={answer.missing_here} />}
      {answer.missing_at_stripe.length > 0 && (
        <Missing title="Missing at Stripe" rows={answer.missing_at_stripe} />
      )}
    </Stack>
  );
}

function Missing({ title, rows }: { title: string; rows: Movement[] }) {
  return (
    <div>
      <Text fw={550} size="sm">
        {title}
      </Text>
      <DataTable caption={title} columns={columns} rows={rows} keyOf={(row) => row.id} empty={null} />
    </div>
  );
}

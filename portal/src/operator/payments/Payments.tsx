import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { SearchField } from '../SearchField';
import { when } from '../when';
import { paymentsQuery, settle, unmatchedQuery, type Unmatched } from './data';
import { PaymentsTable, paymentColumns } from './PaymentsTable';
import { Reconciliation } from './Reconciliation';
import { Reports } from './Reports';

const route = getRouteApi('/inside/payments');

export function Payments() {
  const { dealer } = route.useSearch();
  const navigate = route.useNavigate();
  const payments = useQuery(paymentsQuery(dealer));
  return (
    <Page
      name="Payments"
      actions={
        <ExportButton
          file="payments.csv"
          columns={paymentColumns}
          rows={() => payments.data ?? []}
          disabled={!payments.data?.length}
        />
      }
    >
      <UnmatchedEvents />
      <Card title="Card payments" flush>
        <div className={ui.filters}>
          <SearchField
            label="Dealer"
            placeholder="Email address"
            value={dealer}
            set={(value) => void navigate({ search: (old) => ({ ...old, dealer: value }), replace: true })}
          />
        </div>
        <Shown of={payments} lines={6}>
          {(rows) => (
            <PaymentsTable
              rows={rows}
              empty={
                dealer ? (
                  <Empty title="This dealer has paid nothing by card">
                    A dealer is found by the whole address.
                  </Empty>
                ) : (
                  <Empty title="No card payments yet" />
                )
              }
            />
          )}
        </Shown>
      </Card>
      <div className={ui.two}>
        <Reconciliation />
        <Reports />
      </div>
    </Page>
  );
}

const unmatchedColumns: Column<Unmatched>[] = [
  { name: 'Time', cell: (event) => when(event.created_at) },
  { name: 'Type', cell: (event) => event.type },
  { name: 'Why', cell: (event) => event.reason },
  { name: 'Event', cell: (event) => <span className="mono">{event.event}</span> },
  {
    name: 'Payment',
    cell: (event) => <span className="mono">{event.intent || event.session || '–'}</span>,
  },
  { name: '', right: true, cell: (event) => <SettleAction event={event} /> },
];

function SettleAction({ event }: { event: Unmatched }) {
  return (
    <Action
      name="Settle"
      about={event.event}
      look={{ size: 'compact-sm' }}
      role="finance"
      title="Take the event off this list"
      says={
        <>
          Stripe told of it, and nothing here belongs to it: {event.reason}. No money is moved by this. Adjust
          the wallet first if it has to be.
        </>
      }
      reason={{ label: 'What was done about it', longest: 255 }}
      typed={event.event}
      confirm="Take off"
      run={async (reason) => {
        await settle(event.event, reason);
        return 'The event is settled.';
      }}
    />
  );
}

function UnmatchedEvents() {
  const events = useQuery(unmatchedQuery);
  if (events.data?.length === 0) return null;
  return (
    <Card title="Waits for a person" flush>
      <Shown of={events} lines={2}>
        {(rows) => (
          <DataTable
            caption="Events of Stripe that nothing here belongs to"
            columns={unmatchedColumns}
            rows={rows}
            keyOf={(event) => event.event}
            empty={null}
          />
        )}
      </Shown>
    </Card>
  );
}

import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { count, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { when } from '../when';
import { WithdrawLot } from './Withdraw';
import { lotsQuery, type Lot } from './data';

const columns: Column<Lot>[] = [
  {
    name: 'Lot',
    cell: (lot) =>
      lot.lot === null ? (
        'without a name'
      ) : (
        <>
          <Anchor component={Link} to={`/stock?lot=${encodeURIComponent(lot.lot)}`} size="sm" fw={550}>
            {lot.lot}
          </Anchor>
          {lot.reason && <div className={ui.lead}>Withdrawn: {lot.reason}</div>}
        </>
      ),
    csv: (lot) => lot.lot,
  },
  { name: 'Pool', cell: (lot) => lot.pool, csv: (lot) => lot.pool },
  { name: 'Since', cell: (lot) => when(lot.imported_at), csv: (lot) => lot.imported_at },
  { name: 'Imported', right: true, cell: (lot) => count(lot.imported), csv: (lot) => lot.imported },
  { name: 'Available', right: true, cell: (lot) => count(lot.available), csv: (lot) => lot.available },
  { name: 'Sold', right: true, cell: (lot) => count(lot.sold), csv: (lot) => lot.sold },
  { name: 'Burned', right: true, cell: (lot) => count(lot.burned), csv: (lot) => lot.burned },
  { name: 'Withdrawn', right: true, cell: (lot) => count(lot.withdrawn), csv: (lot) => lot.withdrawn },
  {
    name: 'Cost of each',
    right: true,
    cell: (lot) => (lot.cost_usd === null ? '–' : usd(lot.cost_usd)),
    csv: (lot) => lot.cost_usd?.toFixed(2),
  },
  {
    name: '',
    right: true,
    cell: (lot) => lot.lot !== null && lot.available > 0 && <WithdrawLot lot={lot} />,
  },
];

/** What only an exported file has as a column of its own. */
const exportedColumns: Column<Lot>[] = [
  ...columns,
  { name: 'Withdrawn because', cell: () => null, csv: (lot) => lot.reason },
];

/** What was delivered, and what became of it. */
export function Lots() {
  const lots = useQuery(lotsQuery);
  return (
    <Card
      title="Deliveries"
      flush
      actions={
        <ExportButton
          file="lots.csv"
          columns={exportedColumns}
          rows={() => lots.data ?? []}
          disabled={!lots.data?.length}
        />
      }
    >
      <Shown of={lots}>
        {(rows) => (
          <PagedTable
            caption="Deliveries"
            noun="delivery"
            nouns="deliveries"
            columns={columns}
            rows={rows}
            keyOf={(lot) => `${lot.lot} ${lot.pool}`}
            empty={<Empty title="None yet" />}
          />
        )}
      </Shown>
    </Card>
  );
}

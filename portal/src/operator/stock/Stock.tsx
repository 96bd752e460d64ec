import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import { ImportStock } from './ImportStock';
import { Lots } from './Lots';
import { SoldOf } from './SoldOf';
import { Threshold } from './Threshold';
import { WithdrawIccids } from './Withdraw';
import { levelsQuery, lotsQuery } from './data';
import { poolsOf, type Pool } from './pools';

const route = getRouteApi('/inside/stock');

const columns: Column<Pool>[] = [
  { name: 'Pool', cell: (pool) => <strong>{pool.pool}</strong> },
  {
    name: 'State',
    cell: (pool) => (
      <Tag color={pool.available === 0 ? 'red' : pool.low ? 'orange' : 'green'}>
        {pool.available === 0 ? 'Sold out' : pool.low ? 'Low' : 'Enough'}
      </Tag>
    ),
  },
  { name: 'Available', right: true, cell: (pool) => count(pool.available) },
  { name: 'Low below', right: true, cell: (pool) => count(pool.threshold) },
  { name: 'Sold', right: true, cell: (pool) => count(pool.sold) },
  { name: 'Burned', right: true, cell: (pool) => count(pool.burned) },
  { name: 'Withdrawn', right: true, cell: (pool) => count(pool.withdrawn) },
  { name: '', right: true, cell: (pool) => <Threshold level={pool} /> },
];

export function Stock() {
  const { lot } = route.useSearch();
  const navigate = route.useNavigate();
  const levels = useQuery(levelsQuery);
  const lots = useQuery(lotsQuery);
  return (
    <Page
      name="Stock"
      actions={
        <>
          <WithdrawIccids />
          <ImportStock pools={[...new Set((lots.data ?? []).map((one) => one.pool))]} />
        </>
      }
    >
      {lot !== undefined && <SoldOf lot={lot} onClose={() => void navigate({ search: {} })} />}
      <Card title="Pools" flush>
        <Shown of={levels} lines={3}>
          {(all) => (
            <Shown of={lots} lines={3}>
              {(deliveries) => (
                <DataTable
                  caption="Pools"
                  columns={columns}
                  rows={poolsOf(all, deliveries)}
                  keyOf={(pool) => pool.pool}
                  empty={
                    <Empty title="There is no stock yet">Import a delivery: a CSV of ICCIDs and codes.</Empty>
                  }
                />
              )}
            </Shown>
          )}
        </Shown>
      </Card>
      <Lots />
    </Page>
  );
}

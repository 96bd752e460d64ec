import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { count } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { ImportStock } from './ImportStock';
import { Lots } from './Lots';
import { SoldOf } from './SoldOf';
import { WithdrawIccids } from './Withdraw';
import { lotsQuery } from './data';
import { ordinaryThreshold, poolsOf, type Pool } from './pools';

const route = getRouteApi('/inside/stock');

const columns: Column<Pool>[] = [
  { name: 'Pool', cell: (pool) => <strong>{pool.name}</strong> },
  {
    name: 'State',
    cell: (pool) => (
      <Tag color={pool.available === 0 ? 'red' : pool.isLow ? 'orange' : 'green'}>
        {pool.available === 0 ? 'Sold out' : pool.isLow ? 'Low' : 'Enough'}
      </Tag>
    ),
  },
  { name: 'Available', right: true, cell: (pool) => count(pool.available) },
  { name: 'Sold', right: true, cell: (pool) => count(pool.sold) },
  { name: 'Burned', right: true, cell: (pool) => count(pool.burned) },
  { name: 'Withdrawn', right: true, cell: (pool) => count(pool.withdrawn) },
];

export function Stock() {
  const { low = ordinaryThreshold, lot } = route.useSearch();
  const navigate = route.useNavigate();
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
      {lot !== undefined && (
        <SoldOf lot={lot} onClose={() => void navigate({ search: (old) => ({ ...old, lot: undefined }) })} />
      )}
      <Card title="Pools" flush>
        <div className={ui.filters}>
          <NumberInput
            label="Low below"
            size="sm"
            w={130}
            min={0}
            max={1_000_000}
            allowDecimal={false}
            value={low}
            onChange={(value) =>
              void navigate({
                search: (old) => ({
                  ...old,
                  low: typeof value === 'number' && value !== ordinaryThreshold ? value : undefined,
                }),
                replace: true,
              })
            }
          />
        </div>
        <Shown of={lots} lines={3}>
          {(all) => (
            <DataTable
              caption="Pools"
              columns={columns}
              rows={poolsOf(all, low)}
              keyOf={(pool) => pool.name}
              empty={
                <Empty title="There is no stock yet">Import a delivery: a CSV of ICCIDs and codes.</Empty>
              }
            />
          )}
        </Shown>
      </Card>
      <Lots />
    </Page>
  );
}

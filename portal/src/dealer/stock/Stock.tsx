import { Badge, Button, Pagination } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { count, iccidGroups, moment, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import {
  allOwned,
  availableOf,
  countsQuery,
  esimsPerPage,
  ownedQuery,
  skusQuery,
  type OwnedEsim,
  type Sku,
} from './data';
import { BuyDialog } from './BuyDialog';
import { EsimDialog } from './EsimDialog';
import { ReplaceDialog } from './ReplaceDialog';

export function Stock() {
  const { dealer } = useRouteContext({ from: '/inside' });
  if (!dealer.portal)
    return (
      <Page name="Stock">
        <Card>
          <Empty title="Stock is by invitation">
            Pre-validated eSIMs from stock are sold to accounts that were invited. Ask your account manager.
          </Empty>
        </Card>
      </Page>
    );
  return (
    <Page
      name="Stock"
      lead="Pre-validated eSIMs, yours at once. One that turns out to be used up is replaced free of charge."
    >
      <ForSale />
      <Mine />
    </Page>
  );
}

function ForSale() {
  const skus = useQuery(skusQuery);
  const counts = useQuery(countsQuery);
  const [bought, setBought] = useState<Sku | null>(null);
  const left = (sku: Sku) => (counts.data ? availableOf(sku, counts.data) : undefined);
  const columns: Column<Sku>[] = [
    { name: 'Product', cell: (sku) => <strong>{sku.name}</strong> },
    { name: 'In stock', right: true, cell: (sku) => (left(sku) === undefined ? '…' : count(left(sku)!)) },
    { name: 'Price', right: true, cell: (sku) => usd(sku.price_usd) },
    {
      name: '',
      right: true,
      cell: (sku) => (
        <Button
          size="compact-sm"
          variant="light"
          disabled={left(sku) === 0}
          onClick={() => setBought(sku)}
          aria-label={`Buy ${sku.name}`}
        >
          {left(sku) === 0 ? 'Sold out' : 'Buy'}
        </Button>
      ),
    },
  ];
  return (
    <Card title="For sale" flush>
      <Shown of={skus} lines={2}>
        {(rows) => (
          <DataTable
            caption="For sale"
            columns={columns}
            rows={rows}
            keyOf={(sku) => sku.id}
            empty={<Empty title="Nothing is for sale at the moment" />}
          />
        )}
      </Shown>
      <BuyDialog sku={bought} left={bought ? (left(bought) ?? 0) : 0} onClose={() => setBought(null)} />
    </Card>
  );
}

const route = getRouteApi('/inside/stock');

function Mine() {
  const { page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const owned = useQuery(ownedQuery(page));
  const [shown, setShown] = useState<OwnedEsim | null>(null);
  const [replaced, setReplaced] = useState<OwnedEsim | null>(null);
  const columns: Column<OwnedEsim>[] = [
    {
      name: 'ICCID',
      cell: (esim) => <span className="mono">{iccidGroups(esim.iccid)}</span>,
      csv: (esim) => esim.iccid,
    },
    { name: 'Bought', cell: (esim) => moment(esim.assigned_at), csv: (esim) => esim.assigned_at },
    {
      name: 'Purchase',
      cell: (esim) => `INV-${esim.sold_via_usage_id}`,
      csv: (esim) => `INV-${esim.sold_via_usage_id}`,
    },
    {
      name: 'State',
      cell: (esim) => (
        <Badge variant="light" tt="none" fw={500} color={esim.status === 'sold' ? 'green' : 'gray'}>
          {esim.status === 'sold' ? 'Yours' : 'Used up, replaced'}
        </Badge>
      ),
      csv: (esim) => esim.status,
    },
    {
      name: '',
      right: true,
      cell: (esim) => (
        <span style={{ display: 'inline-flex', gap: '0.4rem' }}>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setShown(esim)}
            aria-label={`Show QR code of ${esim.iccid}`}
          >
            QR code
          </Button>
          {esim.status === 'sold' && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setReplaced(esim)}
              aria-label={`Replace ${esim.iccid}`}
            >
              Replace
            </Button>
          )}
        </span>
      ),
    },
  ];
  const exported: Column<OwnedEsim>[] = [
    ...columns,
    { name: 'Activation code', cell: () => null, csv: (esim) => esim.lpa },
  ];
  return (
    <Card
      title="My eSIMs"
      flush
      actions={
        <ExportButton file="my-esims.csv" columns={exported} rows={allOwned} disabled={!owned.data?.total} />
      }
    >
      <Shown of={owned}>
        {(data) => (
          <DataTable
            caption="My eSIMs"
            columns={columns}
            rows={data.esims}
            keyOf={(esim) => esim.id}
            empty={<Empty title="None yet">What you buy from stock stands here, with its QR code.</Empty>}
            foot={
              <>
                <span>{plural(data.total, 'eSIM')}</span>
                {data.total > esimsPerPage && (
                  <Pagination
                    size="sm"
                    total={Math.ceil(data.total / esimsPerPage)}
                    value={page}
                    onChange={(next) => void navigate({ search: { page: next } })}
                    getControlProps={(control) => ({ 'aria-label': `${control} page` })}
                  />
                )}
              </>
            }
          />
        )}
      </Shown>
      <EsimDialog esim={shown} onClose={() => setShown(null)} />
      <ReplaceDialog esim={replaced} onClose={() => setReplaced(null)} />
    </Card>
  );
}

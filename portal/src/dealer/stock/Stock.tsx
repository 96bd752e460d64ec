import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { count, iccidGroups, moment, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagerFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import {
  allOwned,
  availableOf,
  checksQuery,
  countsQuery,
  esimsPerPage,
  installableAt,
  ownedQuery,
  skusQuery,
  type OwnedEsim,
  type Sku,
} from './data';
import { BuyDialog } from './BuyDialog';
import { EsimDialog } from './EsimDialog';
import { ReplaceDialog } from './ReplaceDialog';
import { Replacements } from './Replacements';

export function Stock() {
  const { dealer } = useRouteContext({ from: '/inside' });
  if (!dealer.portal)
    return (
      <Page name={t.pages.stock}>
        <Card>
          <Empty title={t.stock.invitation}>{t.stock.invitationText}</Empty>
        </Card>
      </Page>
    );
  return (
    <Page name={t.pages.stock} lead={t.stock.lead}>
      <ForSale />
      <Mine />
      <Replacements />
    </Page>
  );
}

function ForSale() {
  const skus = useQuery(skusQuery);
  const counts = useQuery(countsQuery);
  const [bought, setBought] = useState<Sku | null>(null);
  const left = (sku: Sku) => (counts.data ? availableOf(sku, counts.data) : 0);
  const columns: Column<Sku>[] = [
    { name: t.fields.product, head: true, cell: (sku) => <strong>{sku.name}</strong> },
    {
      name: t.stock.inStock,
      right: true,
      cell: (sku) => count(left(sku)),
    },
    { name: t.fields.price, right: true, cell: (sku) => usd(sku.price_usd) },
    {
      name: '',
      right: true,
      cell: (sku) => (
        <Button
          size="compact-sm"
          variant="light"
          disabled={left(sku) === 0}
          onClick={() => setBought(sku)}
          aria-label={t.stock.buyWhat(sku.name)}
        >
          {left(sku) === 0 ? t.stock.soldOut : t.stock.buy}
        </Button>
      ),
    },
  ];
  return (
    <Card title={t.stock.forSale} flush>
      <Shown of={skus} lines={2}>
        {(rows) => (
          <Shown of={counts} lines={2}>
            {() => (
              <DataTable
                caption={t.stock.forSale}
                columns={columns}
                rows={rows}
                keyOf={(sku) => sku.id}
                empty={<Empty title={t.stock.nothing} />}
              />
            )}
          </Shown>
        )}
      </Shown>
      <BuyDialog sku={bought} left={bought ? left(bought) : 0} onClose={() => setBought(null)} />
    </Card>
  );
}

const route = getRouteApi('/inside/stock');

function Mine() {
  const { page = 1 } = route.useSearch();
  const navigate = route.useNavigate();
  const owned = useQuery(ownedQuery(page));
  const checks = useInfiniteQuery(checksQuery);
  const installable = installableAt(checks.data?.pages.flatMap((one) => one.data) ?? []);
  const [shown, setShown] = useState<OwnedEsim | null>(null);
  const [replaced, setReplaced] = useState<OwnedEsim | null>(null);
  const columns: Column<OwnedEsim>[] = [
    {
      name: t.orders.iccid,
      cell: (esim) => <span className="mono">{iccidGroups(esim.iccid)}</span>,
      csv: (esim) => esim.iccid,
    },
    {
      name: t.stock.boughtAt,
      whole: true,
      cell: (esim) => moment(esim.assigned_at),
      csv: (esim) => esim.assigned_at,
    },
    {
      name: t.stock.purchase,
      cell: (esim) => `INV-${esim.sold_via_usage_id}`,
      csv: (esim) => `INV-${esim.sold_via_usage_id}`,
    },
    {
      name: t.fields.state,
      cell: (esim) => (
        <>
          <Tag color={esim.status === 'sold' ? 'green' : 'gray'}>
            {esim.status === 'sold' ? t.stock.yours : t.stock.usedUp}
          </Tag>
          {esim.status === 'sold' && installable.has(esim.iccid) && (
            <div className={ui.lead}>{t.stock.installable(moment(installable.get(esim.iccid)!))}</div>
          )}
        </>
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
            aria-label={t.stock.showQrOf(esim.iccid)}
          >
            {t.stock.qr}
          </Button>
          {esim.status === 'sold' && (
            <Button
              size="compact-sm"
              variant="subtle"
              onClick={() => setReplaced(esim)}
              aria-label={t.stock.replaceWhat(esim.iccid)}
            >
              {t.stock.replace}
            </Button>
          )}
        </span>
      ),
    },
  ];
  const exported: Column<OwnedEsim>[] = [
    ...columns,
    { name: t.fields.activationCode, cell: () => null, csv: (esim) => esim.lpa },
  ];
  return (
    <Card
      title={t.stock.mine}
      flush
      actions={
        <ExportButton file="my-esims.csv" columns={exported} rows={allOwned} disabled={!owned.data?.total} />
      }
    >
      <Shown of={owned}>
        {(data) => (
          <DataTable
            caption={t.stock.mine}
            columns={columns}
            rows={data.esims}
            keyOf={(esim) => esim.id}
            empty={<Empty title={t.stock.none}>{t.stock.noneText}</Empty>}
            foot={
              <PagerFoot
                label={t.units.esims(data.total)}
                pages={Math.ceil(data.total / esimsPerPage)}
                page={page}
                onChange={(next) => void navigate({ search: { page: next } })}
              />
            }
          />
        )}
      </Shown>
      <EsimDialog esim={shown} onClose={() => setShown(null)} />
      <ReplaceDialog esim={replaced} onClose={() => setReplaced(null)} />
    </Card>
  );
}

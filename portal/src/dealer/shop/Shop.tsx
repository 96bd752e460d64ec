import { Button, Input, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { data, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagerFoot } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { countryName } from '../countries';
import { t } from '../words';
import { chosenProducts, productsQuery, regionsOf, twinsOf, type Product } from './data';
import { sortings, type ShopFilters } from './filters';
import { Flag } from './Flag';
import { OrderDrawer } from './OrderDrawer';
import css from './shop.module.css';

const route = getRouteApi('/inside/shop');

const place = (product: Product) =>
  product.country ? countryName(product.country) : (product.region ?? t.shop.severalCountries);

const columns = (order: (product: Product) => void, twins: Set<string>): Column<Product>[] => [
  {
    name: t.fields.product,
    head: true,
    cell: (product) => (
      <span className={css.product}>
        <Flag of={product.country} />
        <span>
          <strong>{product.name}</strong>
          <small>{twins.has(product.id) ? `${place(product)} · ${product.id}` : place(product)}</small>
        </span>
      </span>
    ),
    csv: (product) => product.name,
  },
  {
    name: t.fields.data,
    right: true,
    cell: (product) => data(product.dataMb),
    csv: (product) => product.dataMb,
  },
  {
    name: t.fields.days,
    right: true,
    cell: (product) => product.validityDays ?? '–',
    csv: (product) => product.validityDays,
  },
  {
    name: t.fields.price,
    right: true,
    cell: (product) => <strong>{usd(product.priceUsd)}</strong>,
    csv: (product) => product.priceUsd.toFixed(2),
  },
  {
    name: '',
    right: true,
    cell: (product) => (
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => order(product)}
        aria-label={t.shop.orderWhat(product.name)}
      >
        {t.shop.order}
      </Button>
    ),
  },
];

const productsPerPage = 25;

interface ProductsProps {
  columns: Column<Product>[];
  rows: Product[];
  empty: ReactNode;
}

/** Page by page: a catalogue may have thousands. */
function Products({ rows, ...table }: ProductsProps) {
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(rows.length / productsPerPage));
  const shown = Math.min(page, pages);
  return (
    <DataTable
      {...table}
      caption={t.fields.product}
      rows={rows.slice((shown - 1) * productsPerPage, shown * productsPerPage)}
      keyOf={(product) => product.id}
      foot={<PagerFoot label={t.units.products(rows.length)} pages={pages} page={shown} onChange={setPage} />}
    />
  );
}

export function Shop() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const products = useQuery(productsQuery);
  const set = (change: Partial<ShopFilters>, isStep = false) =>
    void navigate({ search: (old: ShopFilters) => ({ ...old, ...change }), replace: !isStep });
  const all = products.data ?? [];
  const chosen = chosenProducts(all, filters);
  const regions = regionsOf(all);
  const ordered = all.find((product) => product.id === filters.product);
  const table = columns((product) => set({ product: product.id }, true), twinsOf(all));
  return (
    <Page
      name={t.pages.shop}
      lead={t.shop.lead}
      actions={
        <ExportButton
          file="products.csv"
          columns={table}
          rows={() => chosen}
          disabled={chosen.length === 0}
        />
      }
    >
      <Card flush>
        <div className={ui.filters}>
          <TextInput
            label={t.fields.search}
            size="sm"
            className={css.search}
            leftSection={<IconSearch size={16} />}
            placeholder={t.shop.searchHint}
            value={filters.q ?? ''}
            onChange={(event) => set({ q: event.currentTarget.value || undefined })}
          />
          {regions.length > 0 && (
            <NativeSelect
              label={t.shop.region}
              size="sm"
              value={filters.region ?? ''}
              onChange={(event) => set({ region: event.currentTarget.value || undefined })}
              data={[{ value: '', label: t.fields.all }, ...regions]}
            />
          )}
          <div>
            <Input.Label size="sm" labelElement="div" display="block" id="sorting">
              {t.shop.sortBy}
            </Input.Label>
            <SegmentedControl
              size="sm"
              aria-labelledby="sorting"
              value={filters.sort ?? 'name'}
              onChange={(value) => set({ sort: sortings.find((one) => one === value && one !== 'name') })}
              data={sortings.map((one) => ({ value: one, label: t.fields[one] }))}
            />
          </div>
        </div>
        <Shown of={products} lines={8}>
          {() => (
            <Products
              key={[filters.q, filters.region, filters.sort].join()}
              columns={table}
              rows={chosen}
              empty={
                <Empty
                  title={t.shop.none}
                  action={
                    <Button
                      variant="default"
                      size="sm"
                      onClick={() => set({ q: undefined, region: undefined })}
                    >
                      {t.fields.showAll}
                    </Button>
                  }
                >
                  {t.shop.noneText}
                </Empty>
              }
            />
          )}
        </Shown>
      </Card>
      <OrderDrawer product={ordered} onClose={() => set({ product: undefined })} />
    </Page>
  );
}

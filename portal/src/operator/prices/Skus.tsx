import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Action } from '../act/Action';
import { readCents, writeCents } from '../dealers/money';
import { addSku, setSkuPrice, skusQuery, type NewSku, type Sku } from './data';

const columns: Column<Sku>[] = [
  { name: 'Name', cell: (sku) => <strong>{sku.name}</strong>, csv: (sku) => sku.name },
  { name: 'Service', cell: (sku) => <span className="mono">{sku.service}</span>, csv: (sku) => sku.service },
  {
    name: 'Pool',
    cell: (sku) => `${sku.carrier}.${sku.plan_type}`,
    csv: (sku) => `${sku.carrier}.${sku.plan_type}`,
  },
  { name: 'Id', cell: (sku) => <span className="mono">{sku.id.slice(0, 8)}…</span>, csv: (sku) => sku.id },
  { name: 'Price', right: true, cell: (sku) => usd(sku.price_usd), csv: (sku) => sku.price_usd.toFixed(2) },
  { name: '', right: true, cell: (sku) => <PriceAction sku={sku} /> },
];

/** What is sold from stock and by verification. */
export function Skus() {
  const skus = useQuery(skusQuery);
  return (
    <Card
      title="Stock and verification"
      flush
      actions={
        <>
          <ExportButton
            file="skus.csv"
            columns={columns}
            rows={() => skus.data ?? []}
            disabled={!skus.data?.length}
          />
          <AddSku />
        </>
      }
    >
      <Shown of={skus}>
        {(rows) => (
          <PagedTable
            caption="What is sold from stock and by verification"
            noun="price"
            columns={columns}
            rows={rows}
            keyOf={(sku) => sku.id}
            empty={<Empty title="Nothing is sold yet" />}
          />
        )}
      </Shown>
    </Card>
  );
}

/** More than nothing. */
function readPrice(typed: string): string | undefined {
  const cents = readCents(typed);
  return cents !== undefined && cents > 0 ? writeCents(cents) : undefined;
}

const priceRule = 'An amount like 4.00';

function PriceAction({ sku }: { sku: Sku }) {
  const [typed, setTyped] = useState('');
  const [email, setEmail] = useState('');
  const price = readPrice(typed);
  return (
    <Action
      name="Set price"
      about={`of ${sku.name}`}
      look={{ size: 'compact-sm' }}
      role="finance"
      title={`Set the price of ${sku.name}`}
      says={`It is ${usd(sku.price_usd)} now. The new price holds from the next purchase on.`}
      typed={sku.name}
      isReady={price !== undefined && (email.trim() === '' || email.includes('@'))}
      confirm={price === undefined ? 'Set' : `Set to ${usd(Number(price))}`}
      onOpen={() => {
        setTyped('');
        setEmail('');
      }}
      run={async () => {
        await setSkuPrice(sku.id, price!, email.trim() || undefined);
        return `${sku.name} costs ${usd(Number(price))}${email.trim() && ` for ${email.trim()}`}.`;
      }}
    >
      <TextInput
        label="Price in dollars"
        inputMode="decimal"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={typed !== '' && price === undefined && priceRule}
        data-autofocus
      />
      <TextInput
        label="Only for the dealer"
        description="Email; for everybody if it is empty"
        type="email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
    </Action>
  );
}

const empty = { service: 'esim_supply_att', name: '', carrier: '', plan_type: '', price: '' };

function AddSku() {
  const [wish, setWish] = useState<NewSku>(empty);
  const price = readPrice(wish.price);
  const field = (label: string, key: keyof NewSku, longest: number) => (
    <TextInput
      label={label}
      maxLength={longest}
      value={wish[key]}
      onChange={(event) => setWish({ ...wish, [key]: event.currentTarget.value })}
      error={key === 'price' && wish.price !== '' && price === undefined && priceRule}
    />
  );
  const isFilledIn = Object.values(wish).every((text) => text.trim() !== '') && price !== undefined;
  return (
    <Action
      name="Sell something more"
      role="finance"
      title="Sell something more"
      says="Dealers see it at once. What is sold is taken from the pool of this carrier and plan."
      isReady={isFilledIn}
      confirm="Sell it"
      onOpen={() => setWish(empty)}
      run={async () => {
        const added = await addSku({ ...wish, price: price! });
        return `${added.name} is for sale.`;
      }}
    >
      {field('Name', 'name', 200)}
      {field('Service', 'service', 64)}
      {field('Carrier', 'carrier', 32)}
      {field('Plan', 'plan_type', 32)}
      {field('Price in dollars', 'price', 12)}
    </Action>
  );
}

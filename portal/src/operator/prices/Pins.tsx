import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asProblem } from '~/shared/api/problem';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Action } from '../act/Action';
import { providersQuery } from '../payments/data';
import { when } from '../when';
import { pin, pinnedOf, routesQuery, type Pin } from './routes';

const columns: Column<Pin>[] = [
  { name: 'Product', cell: (one) => <strong>{one.product ?? 'Everything'}</strong> },
  { name: 'Dealer', cell: (one) => one.dealer ?? 'all' },
  { name: 'Bought of', cell: (one) => <span className="mono">{one.provider}</span> },
  { name: 'Since', cell: (one) => when(one.createdAt) },
  { name: '', right: true, cell: (one) => <EndAction of={one} /> },
];

function EndAction({ of }: { of: Pin }) {
  return (
    <Action
      name="Unpin"
      about={pinnedOf(of)}
      look={{ size: 'compact-sm' }}
      role="finance"
      title={`Unpin ${pinnedOf(of)}`}
      says="From now on it is bought of whoever sells it for least."
      confirm="Unpin"
      run={async () => {
        await pin({ product: of.product ?? undefined, dealer: of.dealer ?? undefined });
        return 'The pin is gone.';
      }}
    />
  );
}

interface ProviderProps {
  provider: string;
  set: (provider: string) => void;
}

/** Asks which there are only where one is chosen. */
function ProviderSelect({ provider, set }: ProviderProps) {
  const providers = useQuery(providersQuery);
  return (
    <NativeSelect
      label="Provider"
      data={['', ...(providers.data?.map((one) => one.prefix) ?? [])]}
      value={provider}
      onChange={(event) => set(event.currentTarget.value)}
      error={providers.error && asProblem(providers.error).message}
    />
  );
}

function PinAction() {
  const [product, setProduct] = useState('');
  const [dealer, setDealer] = useState('');
  const [provider, setProvider] = useState('');
  return (
    <Action
      name="Pin"
      role="finance"
      title="Buy of one provider alone"
      says="For a product, for all that a dealer orders, or for both. It is bought of this provider, also where another one costs less, and fails where this one cannot sell it."
      isReady={provider !== '' && (product.trim() !== '' || dealer.includes('@'))}
      confirm="Pin"
      onOpen={() => {
        setProduct('');
        setDealer('');
        setProvider('');
      }}
      run={async () => {
        const said = await pin({
          product: product.trim() || undefined,
          dealer: dealer.trim() || undefined,
          provider,
        });
        return `${pinnedOf(said)} is bought of ${said.provider} alone.`;
      }}
    >
      <TextInput
        label="Product"
        description="All that the dealer orders, if it is empty"
        maxLength={100}
        value={product}
        onChange={(event) => setProduct(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Dealer"
        description="Email; everybody’s orders, if it is empty"
        type="email"
        autoComplete="off"
        value={dealer}
        onChange={(event) => setDealer(event.currentTarget.value)}
      />
      <ProviderSelect provider={provider} set={setProvider} />
    </Action>
  );
}

/** What is bought from only one provider. */
export function Pins() {
  const routes = useQuery(routesQuery);
  return (
    <Card title="Bought of one provider alone" flush actions={<PinAction />}>
      <Shown of={routes} lines={2}>
        {(data) => (
          <DataTable
            caption="Bought of one provider alone"
            columns={columns}
            rows={data.pins}
            keyOf={pinnedOf}
            empty={
              <Empty title="Nothing is pinned">A pin holds also where another provider costs less.</Empty>
            }
          />
        )}
      </Shown>
    </Card>
  );
}

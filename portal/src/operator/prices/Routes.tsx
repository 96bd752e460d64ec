import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '~/shared/ui/Card';
import { ExportButton, type Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Empty, Shown } from '~/shared/ui/states';
import { Action } from '../act/Action';
import { when } from '../when';
import { Pins } from './Pins';
import { addRoute, removeRoute, routesQuery, type Route } from './routes';

const columns: Column<Route>[] = [
  { name: 'Sold', cell: (route) => <strong>{route.product}</strong>, csv: (route) => route.product },
  { name: 'May be bought for it', cell: (route) => route.other, csv: (route) => route.other },
  { name: 'Since', cell: (route) => when(route.createdAt), csv: (route) => route.createdAt },
  { name: '', right: true, cell: (route) => <RemoveAction route={route} /> },
];

function RemoveAction({ route }: { route: Route }) {
  return (
    <Action
      name="Remove"
      about={`${route.other} for ${route.product}`}
      look={{ size: 'compact-sm', variant: 'subtle', color: 'red' }}
      role="finance"
      title={`Buy ${route.other} no more for ${route.product}`}
      says={`Orders of ${route.product} that are not bought yet are not bought as ${route.other} either.`}
      typed={route.product}
      isDangerous
      confirm="Remove"
      run={async () => {
        await removeRoute(route);
        return 'The route is removed.';
      }}
    />
  );
}

function AddAction() {
  const [product, setProduct] = useState('');
  const [other, setOther] = useState('');
  return (
    <Action
      name="Add"
      role="finance"
      title="Let one product be bought for another"
      says="Both must be alike for the customer: the same country, data and days. An order of the first one is bought as whichever costs us least, and its price stays."
      isReady={product.trim() !== '' && other.trim() !== ''}
      confirm="Add"
      onOpen={() => {
        setProduct('');
        setOther('');
      }}
      run={async () => {
        const added = await addRoute(product.trim(), other.trim());
        return `${added.other} may be bought for ${added.product}.`;
      }}
    >
      <TextInput
        label="What dealers order"
        maxLength={100}
        value={product}
        onChange={(event) => setProduct(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="What may be bought for it"
        maxLength={100}
        value={other}
        onChange={(event) => setOther(event.currentTarget.value)}
      />
    </Action>
  );
}

/** Which product may be bought for which, and which are pinned to one provider. */
export function Routes() {
  const routes = useQuery(routesQuery);
  return (
    <>
      <Card
        title="The same of several providers"
        flush
        actions={
          <>
            <ExportButton
              file="routes.csv"
              columns={columns}
              rows={() => routes.data?.routes ?? []}
              disabled={!routes.data?.routes.length}
            />
            <AddAction />
          </>
        }
      >
        <Shown of={routes} lines={3}>
          {(data) => (
            <PagedTable
              caption="The same of several providers"
              noun="route"
              columns={columns}
              rows={data.routes}
              keyOf={(route) => `${route.product} ${route.other}`}
              empty={
                <Empty title="Everything is bought where it is sold">
                  Two products that are alike can be bought for one another, whichever costs less.
                </Empty>
              }
            />
          )}
        </Shown>
      </Card>
      <Pins />
    </>
  );
}

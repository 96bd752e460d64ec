import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { count, usd } from '~/shared/text/format';
import type { Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Tag } from '~/shared/ui/Tag';
import { when } from '../when';
import type { Order } from './data';
import { lookOf } from './filters';

function Status({ order }: { order: Order }) {
  const look = lookOf(order.status);
  return (
    <>
      <Tag color={look.tone}>{look.name}</Tag> {order.stuck && <Tag color="orange">Stuck</Tag>}
    </>
  );
}

export const orderColumns: Column<Order>[] = [
  {
    name: 'Order',
    cell: (order) => (
      <Anchor
        component={Link}
        to={`/orders/${order.shortId}`}
        size="sm"
        fw={550}
        className="figures"
        style={{ whiteSpace: 'nowrap' }}
      >
        {order.shortId}
      </Anchor>
    ),
    csv: (order) => order.shortId,
  },
  { name: 'Time', whole: true, cell: (order) => when(order.createdAt), csv: (order) => order.createdAt },
  { name: 'Dealer', cell: (order) => order.dealer, csv: (order) => order.dealer },
  {
    name: 'Product',
    cell: (order) => (
      <span style={{ overflowWrap: 'anywhere' }}>
        {order.product}
        {order.quantity > 1 && ` × ${count(order.quantity)}`}
      </span>
    ),
    csv: (order) => order.product,
  },
  { name: 'Customer', cell: (order) => order.customerEmail ?? '–', csv: (order) => order.customerEmail },
  { name: 'Status', cell: (order) => <Status order={order} />, csv: (order) => order.status },
  {
    name: 'Total',
    right: true,
    cell: (order) => usd(order.totalUsd),
    csv: (order) => order.totalUsd.toFixed(2),
  },
];

/** What only an exported file has. */
export const exportedColumns: Column<Order>[] = [
  ...orderColumns,
  { name: 'Quantity', cell: () => null, csv: (order) => order.quantity },
  { name: 'Delivered', cell: () => null, csv: (order) => order.delivered },
  { name: 'Reference', cell: () => null, csv: (order) => order.customerReference },
  { name: 'Completed', cell: () => null, csv: (order) => order.completedAt },
  { name: 'Failure', cell: () => null, csv: (order) => order.failure },
  { name: 'Id', cell: () => null, csv: (order) => order.id },
];

interface Props {
  rows: Order[];
  empty: ReactNode;
  /** Where the page is about one dealer. */
  withoutDealer?: boolean;
  perPage?: number;
  note?: ReactNode;
}

export function OrdersTable({ withoutDealer, ...table }: Props) {
  return (
    <PagedTable
      caption="Orders"
      noun="order"
      columns={withoutDealer ? orderColumns.filter((column) => column.name !== 'Dealer') : orderColumns}
      keyOf={(order) => order.id}
      {...table}
    />
  );
}

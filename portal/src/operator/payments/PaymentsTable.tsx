import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usd } from '~/shared/text/format';
import type { Column } from '~/shared/ui/DataTable';
import { PagedTable } from '~/shared/ui/PagedTable';
import { Tag } from '~/shared/ui/Tag';
import { when } from '../when';
import type { Payment } from './data';

export const paymentColumns: Column<Payment>[] = [
  {
    name: 'Payment',
    cell: (payment) => (
      <Anchor component={Link} to={`/payments/${payment.id}`} size="sm" fw={550} className="mono">
        {payment.intent || payment.reference}
      </Anchor>
    ),
    csv: (payment) => payment.intent,
  },
  { name: 'Time', cell: (payment) => when(payment.created_at), csv: (payment) => payment.created_at },
  { name: 'Dealer', cell: (payment) => payment.dealer, csv: (payment) => payment.dealer },
  {
    name: 'State',
    cell: (payment) => (
      <>
        <Tag color={payment.credited ? 'green' : 'yellow'}>
          {payment.credited ? 'Credited' : 'Not paid yet'}
        </Tag>{' '}
        {payment.reversed > 0 && <Tag color="orange">Went back</Tag>}
      </>
    ),
    csv: (payment) => (payment.credited ? 'credited' : 'open'),
  },
  {
    name: 'Paid',
    right: true,
    cell: (payment) => usd(payment.gross),
    csv: (payment) => payment.gross.toFixed(2),
  },
  {
    name: 'Credited',
    right: true,
    cell: (payment) => usd(payment.net),
    csv: (payment) => payment.net.toFixed(2),
  },
  {
    name: 'Went back',
    right: true,
    cell: (payment) => usd(payment.reversed),
    csv: (payment) => payment.reversed.toFixed(2),
  },
];

interface Props {
  rows: Payment[];
  empty: ReactNode;
  withoutDealer?: boolean;
  perPage?: number;
}

export function PaymentsTable({ withoutDealer, ...table }: Props) {
  return (
    <PagedTable
      caption="Card payments"
      noun="payment"
      columns={withoutDealer ? paymentColumns.filter((column) => column.name !== 'Dealer') : paymentColumns}
      keyOf={(payment) => payment.id}
      {...table}
    />
  );
}

import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { Problem, sentence } from '~/shared/api/problem';
import { signedUsd, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Facts } from '~/shared/ui/Facts';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { Action } from '../act/Action';
import { when } from '../when';
import { paymentQuery, replay, type PaymentInWhole } from './data';

const route = getRouteApi('/inside/payments/$payment');

export function Payment() {
  const { payment: id } = route.useParams();
  const payment = useQuery(paymentQuery(id));
  return (
    <Page
      name="Payments"
      lead={
        <Anchor component={Link} to="/payments" size="sm">
          <IconArrowLeft size={14} /> All payments
        </Anchor>
      }
      actions={payment.data && <ReplayAction payment={payment.data} />}
    >
      <Shown of={payment} lines={8}>
        {(data) => <Details payment={data} />}
      </Shown>
    </Page>
  );
}

function ReplayAction({ payment }: { payment: PaymentInWhole }) {
  return (
    <Action
      name="Replay"
      role="finance"
      title="Ask Stripe again"
      says="What Stripe says of this payment is held against what is here, and what is missing is done: a credit, a refund, a dispute. What is there already is not done again."
      confirm="Ask Stripe"
      run={async () => {
        const done = await replay(payment.id);
        if (!done.ok) throw new Problem({ kind: 'refused', message: sentence(done.problem) });
        return 'It is as Stripe says.';
      }}
    />
  );
}

type Movement = PaymentInWhole['movements'][number];
type Posting = PaymentInWhole['postings'][number];

const movementColumns: Column<Movement>[] = [
  { name: 'At Stripe', cell: (one) => <span className="mono">{one.id}</span> },
  {
    name: 'Kind',
    cell: (one) => (
      <>
        {one.kind} {one.undone && <Tag color="gray">undone</Tag>}
      </>
    ),
  },
  { name: 'Fee', right: true, cell: (one) => usd(one.fee) },
  { name: 'Amount', right: true, cell: (one) => signedUsd(one.amount) },
];

const postingColumns: Column<Posting>[] = [
  { name: 'Time', cell: (one) => when(one.created_at) },
  { name: 'For', cell: (one) => one.movement || 'the payment' },
  { name: 'Amount', right: true, cell: (one) => signedUsd(one.amount) },
];

function Details({ payment }: { payment: PaymentInWhole }) {
  return (
    <>
      <Card
        title={payment.intent || payment.reference}
        actions={
          <Tag color={payment.credited ? 'green' : 'yellow'}>
            {payment.credited ? 'Credited' : 'Not paid yet'}
          </Tag>
        }
      >
        <Facts
          of={[
            [
              'Dealer',
              <Anchor key="dealer" component={Link} to={`/dealers/${payment.dealer}`} size="sm">
                {payment.dealer}
              </Anchor>,
            ],
            ['Paid', usd(payment.gross)],
            ['Credited', usd(payment.net)],
            ['Went back', usd(payment.reversed)],
            ['Fees of disputes', usd(payment.fees)],
            ['Kind', payment.kind],
            ['Reference', payment.reference],
            ['Time', when(payment.created_at)],
          ]}
        />
      </Card>
      <div className={ui.two}>
        <Card title="Refunds and disputes" flush>
          <DataTable
            caption="Refunds and disputes"
            columns={movementColumns}
            rows={payment.movements}
            keyOf={(one) => one.id}
            empty={<Empty title="None" />}
          />
        </Card>
        <Card title="Postings" flush>
          <DataTable
            caption="Postings"
            columns={postingColumns}
            rows={payment.postings}
            keyOf={(one) => one.id}
            empty={<Empty title="None yet" />}
          />
        </Card>
      </div>
    </>
  );
}

import { Alert, Anchor, Timeline } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { iccidGroups, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { DataTable, type Column } from '~/shared/ui/DataTable';
import { Facts } from '~/shared/ui/Facts';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { when } from '../when';
import { orderQuery, type OrderInWhole } from './data';
import { lookOf } from './filters';
import { OrderActions } from './OrderActions';
import { momentName } from './words';

const route = getRouteApi('/inside/orders/$order');

export function Order() {
  const { order: id } = route.useParams();
  const order = useQuery(orderQuery(id));
  return (
    <Page
      name="Orders"
      lead={
        <Anchor component={Link} to="/orders" size="sm">
          <IconArrowLeft size={14} /> All orders
        </Anchor>
      }
      actions={order.data && <OrderActions order={order.data} />}
    >
      <Shown of={order} lines={8}>
        {(data) => <Details order={data} />}
      </Shown>
    </Page>
  );
}

function Details({ order }: { order: OrderInWhole }) {
  useEffect(() => {
    document.title = `${order.shortId} · Orders · MeiSIM`;
  }, [order.shortId]);
  const look = lookOf(order.status);
  return (
    <>
      {order.failingSince && (
        <Alert color="orange" variant="light" title={order.stuck ? 'Stuck' : 'The provider refuses it'}>
          Tried {plural(order.attempts, 'time')}, failing since {when(order.failingSince)}.
          {order.nextTryAt && ` Next try: ${when(order.nextTryAt)}.`}
          {order.lastWords && ` The provider’s last words: ${order.lastWords}`}
        </Alert>
      )}
      {order.failure && (
        <Alert color="red" variant="light" title="The order has failed">
          {order.failure}
        </Alert>
      )}
      <div className={ui.two}>
        <div className={ui.stack}>
          <Card
            title={order.shortId}
            actions={
              <>
                <Tag color={look.tone}>{look.name}</Tag>
                {order.stuck && <Tag color="orange">Stuck</Tag>}
              </>
            }
          >
            <Facts
              of={[
                [
                  'Dealer',
                  <Anchor key="dealer" component={Link} to={`/dealers/${order.dealer}`} size="sm">
                    {order.dealer}
                  </Anchor>,
                ],
                ['Product', order.product],
                ['Quantity', `${order.delivered} of ${order.quantity} delivered`],
                ['Total', usd(order.totalUsd)],
                ['Customer', order.customerEmail],
                ['Reference', order.customerReference],
                ['Placed', when(order.createdAt)],
                ['Ended', order.completedAt && when(order.completedAt)],
                [
                  'Id',
                  <span key="id" className="mono">
                    {order.id}
                  </span>,
                ],
              ]}
            />
          </Card>
          <Units order={order} />
          <Mails order={order} />
        </div>
        <Card title="What happened">
          <Timeline bulletSize={12} lineWidth={2} active={order.timeline.length}>
            {order.timeline.map((one, index) => (
              <Timeline.Item key={index} title={momentName(one.what)}>
                <div className={ui.lead}>{one.detail}</div>
                <span className={ui.label}>
                  {when(one.at)}
                  {one.requestId !== null && ` · request ${one.requestId}`}
                </span>
              </Timeline.Item>
            ))}
          </Timeline>
        </Card>
      </div>
    </>
  );
}

type Esim = OrderInWhole['esims'][number];

const unitColumns: Column<Esim>[] = [
  { name: 'Unit', cell: (esim) => esim.unit },
  { name: 'ICCID', cell: (esim) => <span className="mono">{iccidGroups(esim.iccid)}</span> },
  { name: 'Provider’s name', cell: (esim) => <span className="mono">{esim.providerOrderId ?? '–'}</span> },
  {
    name: 'Delivered',
    cell: (esim) => (esim.revokedAt ? `revoked ${when(esim.revokedAt)}` : when(esim.deliveredAt)),
  },
  { name: 'Cost', right: true, cell: (esim) => (esim.costUsd === null ? '–' : usd(esim.costUsd)) },
];

function Units({ order }: { order: OrderInWhole }) {
  return (
    <Card title="eSIMs" flush>
      <DataTable
        caption="eSIMs"
        columns={unitColumns}
        rows={order.esims}
        keyOf={(esim) => String(esim.unit)}
        empty={<Empty title="None delivered yet" />}
      />
    </Card>
  );
}

type Mail = OrderInWhole['mails'][number];

const mailColumns: Column<Mail>[] = [
  { name: 'To', cell: (mail) => mail.recipient },
  { name: 'Time', cell: (mail) => when(mail.sentAt ?? mail.createdAt) },
  {
    name: 'State',
    cell: (mail) => (
      <>
        <Tag color={mail.status === 'sent' ? 'green' : mail.status === 'failed' ? 'red' : 'blue'}>
          {mail.status}
        </Tag>
        {mail.failure && <div className={ui.lead}>{mail.failure}</div>}
      </>
    ),
  },
];

function Mails({ order }: { order: OrderInWhole }) {
  if (order.mails.length === 0) return null;
  return (
    <Card title="Mails" flush>
      <DataTable
        caption="Mails"
        columns={mailColumns}
        rows={order.mails}
        keyOf={(mail) => mail.id}
        empty={null}
      />
    </Card>
  );
}

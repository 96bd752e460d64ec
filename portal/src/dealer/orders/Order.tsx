import { Alert, Anchor, Badge, Loader, Timeline } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { moment, plural, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { Page } from '~/shared/ui/Page';
import { Shown } from '~/shared/ui/states';
import ui from '~/shared/ui/ui.module.css';
import { orderQuery, type OrderDetails, type OrderEsim } from './data';
import { EsimCard } from './EsimCard';
import { ReplaceButton, ResendButton, RevokeButton, UsageButton } from './OrderActions';
import { StatusBadge } from './StatusBadge';
import { eventName, isUnderWay } from './words';
import css from './orders.module.css';

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
      actions={
        order.data &&
        order.data.type === 'esim' &&
        order.data.status === 'completed' && <ResendButton order={order.data} />
      }
    >
      <Shown of={order} lines={8}>
        {(data) => <Details order={data} />}
      </Shown>
    </Page>
  );
}

function Details({ order }: { order: OrderDetails }) {
  useEffect(() => {
    document.title = `${order.shortId} · Orders · MeiSIM`;
  }, [order.shortId]);
  return (
    <>
      <div className={ui.two}>
        <Card title={order.shortId} actions={<StatusBadge status={order.status} />}>
          <Facts order={order} />
        </Card>
        <Card title="What happened">
          <Timeline bulletSize={12} lineWidth={2} active={order.events.length}>
            {order.events.map((event) => (
              <Timeline.Item
                key={`${event.type} ${event.unit} ${event.at}`}
                title={eventName(event, order.quantity)}
              >
                <span className={ui.label}>{moment(event.at)}</span>
              </Timeline.Item>
            ))}
          </Timeline>
        </Card>
      </div>
      {isUnderWay(order.status) && (
        <Alert role="status" color="blue" variant="light" icon={<Loader size={16} />} title="On its way">
          The provider is making your {order.quantity > 1 ? 'eSIMs' : 'eSIM'}. This page shows{' '}
          {order.quantity > 1 ? 'them' : 'it'} by itself.
        </Alert>
      )}
      {order.failure && (
        <Alert color="red" variant="light" title="The order has failed">
          {order.failure}
          {order.refundedUsd > 0 && ` ${usd(order.refundedUsd)} came back to your wallet.`}
        </Alert>
      )}
      {order.esims
        .filter((esim) => esim.lpa !== null)
        .map((esim) => (
          <Unit key={esim.unit} order={order} esim={esim} />
        ))}
    </>
  );
}

function Facts({ order }: { order: OrderDetails }) {
  return (
    <dl className={css.facts}>
      <dt>Product</dt>
      <dd>{order.productName}</dd>
      <dt>Quantity</dt>
      <dd>{order.quantity}</dd>
      <dt>Total</dt>
      <dd className="figures">
        {usd(order.totalUsd)} {order.paidFrom === 'wallet' ? 'from the wallet' : 'on account'}
      </dd>
      {order.refunds.map((refund) => (
        <RefundFact
          key={refund.transactionId}
          amount={refund.amountUsd}
          units={refund.units}
          at={refund.createdAt}
        />
      ))}
      {order.customerName && (
        <>
          <dt>Customer</dt>
          <dd>{order.customerName}</dd>
        </>
      )}
      {order.customerEmail && (
        <>
          <dt>Email</dt>
          <dd>{order.customerEmail}</dd>
        </>
      )}
      {order.customerReference && (
        <>
          <dt>Reference</dt>
          <dd>{order.customerReference}</dd>
        </>
      )}
      {order.topUp && (
        <>
          <dt>SIM</dt>
          <dd>{order.topUp.contactNumber ?? order.topUp.simSerialNumber}</dd>
        </>
      )}
      {order.replaces && (
        <>
          <dt>Replaces</dt>
          <dd>
            <Anchor component={Link} to={`/orders/${order.replaces.shortId}`} size="sm">
              {order.replaces.shortId}
            </Anchor>
          </dd>
        </>
      )}
      {order.replacedBy.map((other) => (
        <ReplacedFact key={other.id} shortId={other.shortId} unit={other.unit} />
      ))}
    </dl>
  );
}

function RefundFact({ amount, units, at }: { amount: number; units: number | null; at: string }) {
  return (
    <>
      <dt>Refunded</dt>
      <dd className="figures">
        {usd(amount)}
        {units !== null && `, ${plural(units, 'unit')}`}, {moment(at)}
      </dd>
    </>
  );
}

function ReplacedFact({ shortId, unit }: { shortId: string; unit: number | null }) {
  return (
    <>
      <dt>Replaced by</dt>
      <dd>
        <Anchor component={Link} to={`/orders/${shortId}`} size="sm">
          {shortId}
        </Anchor>
        {unit ? ` (unit ${unit})` : ''}
      </dd>
    </>
  );
}

const states: Record<OrderEsim['state'], { name: string; color: string }> = {
  pending: { name: 'On its way', color: 'blue' },
  delivered: { name: 'Not installed yet', color: 'gray' },
  installed: { name: 'Installed', color: 'green' },
  revoked: { name: 'Revoked', color: 'red' },
  failed: { name: 'Failed', color: 'red' },
};

function Unit({ order, esim }: { order: OrderDetails; esim: OrderEsim }) {
  const name = order.quantity > 1 ? `eSIM ${esim.unit} of ${order.quantity}` : 'eSIM';
  const isOfUse = esim.state === 'delivered' || esim.state === 'installed';
  return (
    <Card
      title={name}
      actions={
        <Badge variant="light" tt="none" fw={500} color={states[esim.state].color}>
          {states[esim.state].name}
        </Badge>
      }
    >
      <EsimCard
        name={`${name}, ${order.shortId}`}
        iccid={esim.iccid ?? ''}
        lpa={esim.lpa ?? ''}
        installUrl={esim.installUrl}
        smdp={esim.smdp}
        matchingId={esim.matchingId}
        more={
          isOfUse &&
          esim.iccid && (
            <>
              <UsageButton iccid={esim.iccid} />
              {order.paidFrom === 'wallet' && <ReplaceButton order={order} unit={esim.unit} />}
              <RevokeButton order={order} iccid={esim.iccid} />
            </>
          )
        }
      />
      {esim.mailedAt && <p className={ui.lead}>Mailed {moment(esim.mailedAt)}</p>}
    </Card>
  );
}

import { Alert, Anchor, Loader, Timeline } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { moment, usd } from '~/shared/text/format';
import { Card } from '~/shared/ui/Card';
import { BackLink } from '~/shared/ui/lists';
import { Page } from '~/shared/ui/Page';
import { Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { t } from '../words';
import { orderQuery, type OrderDetails, type OrderEsim } from './data';
import { EsimCard } from './EsimCard';
import { ReplaceButton, ResendButton, RevokeButton, UsageButton } from './OrderActions';
import { StatusBadge } from './StatusBadge';
import { isUnderWay } from './filters';
import { eventName } from './words';
import css from './orders.module.css';

const route = getRouteApi('/inside/orders/$order');

export function Order() {
  const { order: id } = route.useParams();
  const order = useQuery(orderQuery(id));
  return (
    <Page
      name={t.pages.orders}
      lead={<BackLink to="/orders">{t.orders.all}</BackLink>}
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
    document.title = `${order.shortId} · ${t.pages.orders} · MeiSIM`;
  }, [order.shortId]);
  return (
    <div className={ui.two}>
      <div className={ui.stack}>
        <Card title={order.shortId} actions={<StatusBadge status={order.status} />}>
          <Facts order={order} />
        </Card>
        {isUnderWay(order.status) && (
          <Alert
            role="status"
            color="blue"
            variant="light"
            icon={<Loader size={16} />}
            title={t.orders.onItsWay}
          >
            {t.orders.onItsWayText(order.quantity)}
          </Alert>
        )}
        {order.failure && (
          <Alert color="red" variant="light" title={t.orders.hasFailed}>
            {order.failure}
            {order.refundedUsd > 0 && ` ${t.orders.cameBack(usd(order.refundedUsd))}`}
          </Alert>
        )}
        {order.esims
          .filter((esim) => esim.lpa !== null)
          .map((esim) => (
            <Unit key={esim.unit} order={order} esim={esim} />
          ))}
      </div>
      <Card title={t.orders.what}>
        <Timeline
          bulletSize={12}
          lineWidth={2}
          active={order.events.length}
          classNames={{ item: css.event, itemTitle: css.eventName }}
        >
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
  );
}

function Facts({ order }: { order: OrderDetails }) {
  return (
    <dl className={ui.facts}>
      <dt>{t.fields.product}</dt>
      <dd>{order.productName}</dd>
      <dt>{t.fields.quantity}</dt>
      <dd>{order.quantity}</dd>
      <dt>{t.fields.total}</dt>
      <dd className="figures">
        {order.paidFrom === 'wallet'
          ? t.orders.fromWallet(usd(order.totalUsd))
          : t.orders.onAccount(usd(order.totalUsd))}
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
          <dt>{t.fields.customer}</dt>
          <dd>{order.customerName}</dd>
        </>
      )}
      {order.customerEmail && (
        <>
          <dt>{t.fields.email}</dt>
          <dd>{order.customerEmail}</dd>
        </>
      )}
      {order.customerReference && (
        <>
          <dt>{t.fields.reference}</dt>
          <dd>{order.customerReference}</dd>
        </>
      )}
      {order.topUp && (
        <>
          <dt>{t.orders.sim}</dt>
          <dd>{order.topUp.contactNumber ?? order.topUp.simSerialNumber}</dd>
        </>
      )}
      {order.replaces && (
        <>
          <dt>{t.orders.replaces}</dt>
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
      <dt>{t.orders.refunded}</dt>
      <dd className="figures">
        {usd(amount)}
        {units !== null && `, ${t.units.units(units)}`}, {moment(at)}
      </dd>
    </>
  );
}

function ReplacedFact({ shortId, unit }: { shortId: string; unit: number | null }) {
  return (
    <>
      <dt>{t.orders.replacedBy}</dt>
      <dd>
        <Anchor component={Link} to={`/orders/${shortId}`} size="sm">
          {shortId}
        </Anchor>
        {unit ? ` (${t.orders.unit(unit)})` : ''}
      </dd>
    </>
  );
}

const colors: Record<OrderEsim['state'], string> = {
  pending: 'blue',
  delivered: 'gray',
  installed: 'green',
  revoked: 'red',
  failed: 'red',
};

function Unit({ order, esim }: { order: OrderDetails; esim: OrderEsim }) {
  const name = order.quantity > 1 ? t.orders.esimOf(esim.unit, order.quantity) : t.orders.esim;
  const isOfUse = esim.state === 'delivered' || esim.state === 'installed';
  return (
    <Card title={name} actions={<Tag color={colors[esim.state]}>{t.orders.states[esim.state]}</Tag>}>
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
      {esim.mailedAt && <p className={css.mailed}>{t.orders.mailed(moment(esim.mailedAt))}</p>}
    </Card>
  );
}

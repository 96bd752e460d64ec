import { Anchor, Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { plural, usd } from '~/shared/text/format';
import { Card, Figure } from '~/shared/ui/Card';
import { Facts } from '~/shared/ui/Facts';
import { Page } from '~/shared/ui/Page';
import { Empty, Shown } from '~/shared/ui/states';
import { Tag } from '~/shared/ui/Tag';
import ui from '~/shared/ui/ui.module.css';
import { BatchesTable } from '../jobs/BatchesTable';
import { batchesQuery, ofDealers } from '../jobs/data';
import { ordersQuery } from '../orders/data';
import { OrdersTable } from '../orders/OrdersTable';
import { paymentsQuery } from '../payments/data';
import { PaymentsTable } from '../payments/PaymentsTable';
import { when } from '../when';
import { AdjustWallet } from './AdjustWallet';
import { dealerQuery, type Dealer as Account } from './data';
import { ChangeAction, KeyAction, PasswordAction, StatusAction, ViewAction } from './DealerActions';
import { statusLooks } from './filters';
import { OwnPrices } from './OwnPrices';
import { SettleCredit } from './SettleCredit';

const route = getRouteApi('/inside/dealers/$dealer');
const rowsShown = 10;

/** All of one dealer. */
export function Dealer() {
  const { dealer: email } = route.useParams();
  const dealer = useQuery(dealerQuery(email));
  return (
    <Page
      name="Dealers"
      lead={
        <Anchor component={Link} to="/dealers" size="sm">
          <IconArrowLeft size={14} /> All dealers
        </Anchor>
      }
      actions={
        dealer.data && (
          <>
            <Button
              component={Link}
              to={`/audit?subject=${encodeURIComponent(dealer.data.email)}`}
              variant="default"
              size="sm"
            >
              What was changed
            </Button>
            <ViewAction dealer={dealer.data} />
            <ChangeAction dealer={dealer.data} />
            <StatusAction dealer={dealer.data} />
          </>
        )
      }
    >
      <Shown of={dealer} lines={8}>
        {(data) => <Details dealer={data} />}
      </Shown>
    </Page>
  );
}

function Details({ dealer }: { dealer: Account }) {
  useEffect(() => {
    document.title = `${dealer.company} · Dealers · MeiSIM`;
  }, [dealer.company]);
  const look = statusLooks[dealer.status];
  return (
    <>
      <div className={ui.two}>
        <Card title={dealer.company} actions={<Tag color={look.tone}>{look.name}</Tag>}>
          <Facts
            of={[
              ['Email', dealer.email],
              ['Suspended because', dealer.suspended_because],
              ['Markup', `${dealer.markup_pct} % on the provider’s prices`],
              ['Fee for a resend', usd(dealer.resend_fee)],
              ['Stock and codes', dealer.portal ? 'may buy and verify' : 'not open to this dealer'],
              ['Since', when(dealer.created_at)],
              [
                'Id',
                <span key="id" className="mono">
                  {dealer.id}
                </span>,
              ],
            ]}
          />
        </Card>
        <div className={ui.stack}>
          <Card title="Wallet" actions={<AdjustWallet dealer={dealer} />}>
            <Figure label="Balance" value={usd(dealer.balance)} />
          </Card>
          <Card title="On account" actions={<SettleCredit dealer={dealer} />}>
            <Facts
              of={[
                ['Not paid yet', usd(dealer.credit_used)],
                ['Limit', dealer.credit_limit === null ? 'none' : usd(dealer.credit_limit)],
              ]}
            />
          </Card>
          <Card
            title="Access"
            actions={
              <>
                <KeyAction dealer={dealer} />
                <PasswordAction dealer={dealer} />
              </>
            }
          >
            <Facts
              of={[
                ['API keys', plural(dealer.keys, 'key')],
                ['Password', dealer.has_password ? 'set' : 'none: signs in by code'],
              ]}
            />
          </Card>
        </div>
      </div>
      <OwnPrices dealer={dealer.email} />
      <LatestOrders dealer={dealer.email} />
      <LatestPayments dealer={dealer.email} />
      <LatestBatches dealer={dealer.email} />
    </>
  );
}

function LatestOrders({ dealer }: { dealer: string }) {
  const orders = useQuery(ordersQuery({ dealer }, 100));
  return (
    <Card
      title="Latest orders"
      flush
      actions={
        <Anchor component={Link} to={`/orders?dealer=${encodeURIComponent(dealer)}`} size="sm">
          All orders
        </Anchor>
      }
    >
      <Shown of={orders}>
        {(rows) => (
          <OrdersTable
            withoutDealer
            rows={rows}
            perPage={rowsShown}
            empty={<Empty title="No orders yet" />}
          />
        )}
      </Shown>
    </Card>
  );
}

function LatestPayments({ dealer }: { dealer: string }) {
  const payments = useQuery(paymentsQuery(dealer));
  return (
    <Card title="Card payments" flush>
      <Shown of={payments}>
        {(rows) => (
          <PaymentsTable withoutDealer rows={rows} perPage={rowsShown} empty={<Empty title="None yet" />} />
        )}
      </Shown>
    </Card>
  );
}

function LatestBatches({ dealer }: { dealer: string }) {
  const batches = useQuery(batchesQuery({ dealer }));
  return (
    <Card title="Batches of codes" flush>
      <Shown of={batches}>
        {(rows) => (
          <BatchesTable
            withoutDealer
            rows={ofDealers(rows)}
            perPage={rowsShown}
            empty={<Empty title="None yet" />}
          />
        )}
      </Shown>
    </Card>
  );
}

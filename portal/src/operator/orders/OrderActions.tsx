import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { plural, usd } from '~/shared/text/format';
import { Action } from '../act/Action';
import { useKeys } from '../act/keys';
import { fail, note, resend, retry, type OrderInWhole } from './data';
import { isUnderWay } from './filters';

const reason = (label: string) => ({ label, longest: 500 });

export function OrderActions({ order }: { order: OrderInWhole }) {
  const mayChange = isUnderWay(order.status);
  const isDelivered = order.esims.some((esim) => esim.revokedAt === null);
  return (
    <>
      <NoteAction order={order} />
      {isDelivered && order.customerEmail && <ResendAction order={order} />}
      {mayChange && <RetryAction order={order} />}
      {mayChange && <FailAction order={order} />}
    </>
  );
}

function NoteAction({ order }: { order: OrderInWhole }) {
  return (
    <Action
      name="Note"
      role="support"
      title={`Note something about ${order.shortId}`}
      says="It stands in the timeline under your name. Only operators see it."
      reason={reason('Note')}
      confirm="Save the note"
      run={async (text) => {
        await note(order.id, text);
        return 'The note is saved.';
      }}
    />
  );
}

function RetryAction({ order }: { order: OrderInWhole }) {
  return (
    <Action
      name="Retry"
      role="support"
      title={`Try ${order.shortId} again`}
      says="The provider is asked again now, and not only when the pause is over. Nothing is bought twice."
      reason={reason('Reason')}
      confirm="Try again now"
      run={async (why) => {
        await retry(order.id, why);
        return 'The provider is asked again.';
      }}
    />
  );
}

function FailAction({ order }: { order: OrderInWhole }) {
  const left = order.quantity - order.delivered;
  return (
    <Action
      name="Fail"
      look={{ color: 'red', variant: 'light' }}
      role="support"
      title={`End ${order.shortId}`}
      says={
        <>
          {plural(left, 'unit')} of {usd(order.totalUsd)} in total {left === 1 ? 'is' : 'are'} not delivered,
          and will not be. The money for what was not delivered goes back to {order.dealer}, once. The dealer
          reads the reason. This cannot be taken back.
        </>
      }
      reason={reason('Reason, which the dealer reads')}
      typed={order.shortId}
      isDangerous
      confirm="End the order"
      run={async (why) => {
        await fail(order.id, why);
        return `${order.shortId} has ended.`;
      }}
    />
  );
}

function ResendAction({ order }: { order: OrderInWhole }) {
  const [email, setEmail] = useState('');
  const { keyOf, forget } = useKeys();
  return (
    <Action
      name="Resend mail"
      role="support"
      title={`Mail the eSIMs of ${order.shortId} once more`}
      says="Free of charge for the dealer."
      confirm="Send"
      onOpen={() => {
        setEmail(order.customerEmail ?? '');
        forget();
      }}
      isReady={email.includes('@')}
      run={async () => {
        const to = email.trim();
        const sent = await resend(order.id, to === order.customerEmail ? undefined : to, keyOf(to));
        return `Mailed to ${sent.email}.`;
      }}
    >
      <TextInput
        label="Email"
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
      />
    </Action>
  );
}

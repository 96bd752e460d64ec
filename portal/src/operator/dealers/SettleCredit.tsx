import { TextInput } from '@mantine/core';
import { useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { usd } from '~/shared/text/format';
import { Action } from '../act/Action';
import { useKeys } from '../act/keys';
import { settleCredit, type Dealer } from './data';
import { needsSecondLook, readCents, writeCents } from './money';

/** Books what a dealer has paid outside for orders on account. */
export function SettleCredit({ dealer }: { dealer: Dealer }) {
  const [typed, setTyped] = useState('');
  const { keyOf, forget } = useKeys();
  const cents = readCents(typed);
  const { operator } = useRouteContext({ from: '/inside' });
  const isLarge = cents !== undefined && needsSecondLook(cents, operator.askAboveUsd);
  return (
    <Action
      name="Settle"
      role="finance"
      title={`Book what ${dealer.company} has paid`}
      says={`Orders on account of ${usd(dealer.credit_used)} are not paid yet. What you book is taken off that; the wallet stays as it is.`}
      reason={{ label: 'Reason: how it was paid', longest: 200 }}
      typed={isLarge ? dealer.email : undefined}
      isReady={cents !== undefined}
      confirm={cents === undefined ? 'Book' : `Book ${usd(cents / 100)}`}
      onOpen={() => {
        setTyped('');
        forget();
      }}
      run={async (reason) => {
        const amount = writeCents(cents!);
        const done = await settleCredit(dealer.email, amount, reason, keyOf(`${amount} ${reason}`));
        return `Not paid yet: ${usd(done.credit_used)}.`;
      }}
    >
      <TextInput
        label="Amount in dollars"
        description="250.00 was paid, -250.00 takes back what was booked wrongly"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={typed !== '' && cents === undefined && 'An amount has at most two decimals, like 250.00'}
        data-autofocus
      />
    </Action>
  );
}

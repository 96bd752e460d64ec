import { TextInput } from '@mantine/core';
import { useRouteContext } from '@tanstack/react-router';
import { useState } from 'react';
import { signedUsd, usd } from '~/shared/text/format';
import { Facts } from '~/shared/ui/Facts';
import { Action } from '../act/Action';
import { useKeys } from '../act/keys';
import { adjust, type Dealer } from './data';
import { balanceAfter, needsSecondLook, readCents, writeCents } from './money';

/** Changes a balance by hand. A large sum has to be confirmed by the dealer's name. */
export function AdjustWallet({ dealer }: { dealer: Dealer }) {
  const [typed, setTyped] = useState('');
  const { keyOf, forget } = useKeys();
  const cents = readCents(typed);
  const { operator } = useRouteContext({ from: '/inside' });
  const isLarge = cents !== undefined && needsSecondLook(cents, operator.askAboveUsd);
  return (
    <Action
      name="Adjust"
      role="finance"
      title={`Adjust the wallet of ${dealer.company}`}
      says="A posting in the ledger, under your name. It is not taken back, but may be set right by another one."
      reason={{ label: 'Reason, which the dealer reads', longest: 200 }}
      typed={isLarge ? dealer.email : undefined}
      isReady={cents !== undefined}
      isDangerous={cents !== undefined && cents < 0}
      confirm={cents === undefined ? 'Adjust' : `Adjust by ${signedUsd(cents / 100)}`}
      onOpen={() => {
        setTyped('');
        forget();
      }}
      run={async (reason) => {
        const amount = writeCents(cents!);
        const done = await adjust(dealer.email, amount, reason, keyOf(`${amount} ${reason}`));
        return `The balance is ${usd(done.balance)}.`;
      }}
    >
      <TextInput
        label="Amount in dollars"
        description="25.00 adds, -25.00 takes away"
        inputMode="text"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={typed !== '' && cents === undefined && 'An amount has at most two decimals, like -25.00'}
        data-autofocus
      />
      {cents !== undefined && (
        <Facts
          of={[
            ['Balance now', usd(dealer.balance)],
            ['Balance then', <strong key="then">{usd(balanceAfter(dealer.balance, cents))}</strong>],
            [
              'Second look',
              isLarge && `Above ${usd(operator.askAboveUsd)}: is it this dealer, and this sum?`,
            ],
          ]}
        />
      )}
    </Action>
  );
}

import { Checkbox, Stack, TextInput } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { CopyField } from '~/shared/ui/CopyField';
import { Action } from '../act/Action';
import { isLongEnough, NewPassword } from '../act/NewPassword';
import { changeDealer, issueKey, setPassword, setStatus, viewPages, type Dealer } from './data';
import { readBasisPoints, readCentsOrZero, readLimit } from './money';

/** Opens the dealer's pages as the dealer sees them. */
export function ViewAction({ dealer }: { dealer: Dealer }) {
  return (
    <Action
      name="View as dealer"
      role="support"
      title={`View the pages of ${dealer.company}`}
      says="Another tab shows the portal as the dealer sees it, for half an hour. Nothing can be changed there. That you have looked, and why, is written down. Whoever is signed in to the portal in this browser is signed out."
      reason={{ label: 'Reason', longest: 500 }}
      confirm="Open the portal"
      run={async (reason) => {
        // Browsers let a page open a tab only while it answers a click.
        const tab = window.open('', '_blank');
        try {
          const url = await viewPages(dealer.email, reason);
          if (tab) tab.location.replace(url);
          else window.location.assign(url);
        } catch (error) {
          tab?.close();
          throw error;
        }
        return 'The portal is open in another tab.';
      }}
    />
  );
}

export function StatusAction({ dealer }: { dealer: Dealer }) {
  if (dealer.status === 'approved')
    return (
      <Action
        name="Suspend"
        look={{ color: 'red', variant: 'light' }}
        role="admin"
        title={`Suspend ${dealer.company}`}
        says="From now on nothing can be ordered, bought or verified, with whichever key. What was ordered before goes on. Balance and orders are kept."
        reason={{ label: 'Reason, which the dealer does not read', longest: 500 }}
        typed={dealer.email}
        isDangerous
        confirm="Suspend"
        run={async (why) => {
          await setStatus(dealer.email, 'suspended', why);
          return `${dealer.company} is suspended.`;
        }}
      />
    );
  return (
    <Action
      name="Approve"
      look={{ variant: 'filled' }}
      role="admin"
      title={`Approve ${dealer.company}`}
      says="The dealer can order at once, with the keys that are there."
      confirm="Approve"
      run={async () => {
        await setStatus(dealer.email, 'approved');
        return `${dealer.company} is approved.`;
      }}
    />
  );
}

export function ChangeAction({ dealer }: { dealer: Dealer }) {
  const navigate = useNavigate();
  const [company, setCompany] = useState(dealer.company);
  const [email, setEmail] = useState(dealer.email);
  const [markup, setMarkup] = useState(String(dealer.markup_pct));
  const [fee, setFee] = useState(dealer.resend_fee.toFixed(2));
  const [portal, setPortal] = useState(dealer.portal);
  const [limit, setLimit] = useState('');
  const credit = readLimit(limit);
  const basisPoints = readBasisPoints(markup);
  const cents = readCentsOrZero(fee);
  const isFee = cents !== undefined && cents >= 0 && cents <= 1_000_000;
  return (
    <Action
      name="Change"
      role="admin"
      title={`Change ${dealer.company}`}
      says="It holds from the next order on. What was ordered before keeps its price."
      confirm="Save"
      onOpen={() => {
        setCompany(dealer.company);
        setEmail(dealer.email);
        setMarkup(String(dealer.markup_pct));
        setFee(dealer.resend_fee.toFixed(2));
        setPortal(dealer.portal);
        setLimit(dealer.credit_limit?.toFixed(2) ?? '');
      }}
      isReady={
        company.trim() !== '' &&
        email.includes('@') &&
        basisPoints !== undefined &&
        isFee &&
        credit !== undefined
      }
      run={async () => {
        const changed = await changeDealer(dealer.email, {
          company: company.trim(),
          email: email.trim(),
          markup_basis_points: basisPoints,
          resend_fee_cents: cents,
          portal,
          credit_limit: credit,
        });
        if (changed.email !== dealer.email)
          await navigate({ to: '/dealers/$dealer', params: { dealer: changed.email }, replace: true });
        return `${changed.company} is changed.`;
      }}
    >
      <TextInput
        label="Company"
        maxLength={200}
        value={company}
        onChange={(event) => setCompany(event.currentTarget.value)}
        data-autofocus
      />
      <TextInput
        label="Email"
        type="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
      />
      <TextInput
        label="Markup in %"
        inputMode="decimal"
        value={markup}
        onChange={(event) => setMarkup(event.currentTarget.value)}
        error={basisPoints === undefined && 'From 0 to 1000, with at most two decimals'}
      />
      <TextInput
        label="Fee for a mail sent once more, in dollars"
        inputMode="decimal"
        value={fee}
        onChange={(event) => setFee(event.currentTarget.value)}
        error={!isFee && 'From 0.00 to 10,000.00'}
      />
      <TextInput
        label="Credit limit in dollars"
        description="Of orders on account; none if it is empty"
        inputMode="decimal"
        value={limit}
        onChange={(event) => setLimit(event.currentTarget.value)}
        error={credit === undefined && 'An amount like 5000.00'}
      />
      <Checkbox
        label="May buy from stock and have codes verified"
        checked={portal}
        onChange={(event) => setPortal(event.currentTarget.checked)}
      />
    </Action>
  );
}

export function KeyAction({ dealer }: { dealer: Dealer }) {
  const [key, setKey] = useState('');
  return (
    <Action
      name="Issue a key"
      role="admin"
      title={`Issue a key to ${dealer.company}`}
      says="It may do everything that the dealer may do. It is shown once, here. Where the dealer has twenty, the one unused for the longest time stops."
      confirm={key ? 'Issue another one' : 'Issue'}
      onOpen={() => setKey('')}
      run={async () => {
        setKey(await issueKey(dealer.email));
        return undefined;
      }}
    >
      {key && (
        <Stack gap={4} role="status">
          <CopyField label="The new key: it is not shown again" text={key} />
        </Stack>
      )}
    </Action>
  );
}

export function PasswordAction({ dealer }: { dealer: Dealer }) {
  const [password, setTyped] = useState('');
  return (
    <Action
      name="Set password"
      role="admin"
      title={`Set the password of ${dealer.company}`}
      says="The dealer is signed out everywhere. Tell the new password in a way that nobody else reads."
      typed={dealer.email}
      isReady={isLongEnough(password)}
      isDangerous
      confirm="Set the password"
      onOpen={() => setTyped('')}
      run={async () => {
        await setPassword(dealer.email, password);
        return 'The password is set.';
      }}
    >
      <NewPassword password={password} set={setTyped} isFirst />
    </Action>
  );
}

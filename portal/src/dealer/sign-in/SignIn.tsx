import { Alert, Anchor, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, take } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { Mark } from '~/shared/ui/Mark';
import { sessionQuery, signIn } from '../session';
import { LanguageSelect } from '../settings/LanguageSelect';
import { t } from '../words';
import css from './sign-in.module.css';

const route = getRouteApi('/sign-in');

/** What has to be filled in first; empty if nothing. */
function flawOf(email: string, password: string, code: string): string {
  if (email.trim() === '') return t.signIn.emailMissing;
  if (password === '' && code === '') return t.signIn.secretMissing;
  if (password === '' && !/^\d{6}$/.test(code.trim())) return t.signIn.codeFlaw;
  return '';
}

/** By password, or by a code that is mailed: both fields are there, so nobody has to choose first. */
export function SignIn() {
  const { to } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [flaw, setFlaw] = useState('');
  useEffect(() => {
    document.title = `${t.signIn.title} · MeiSIM`;
  }, []);

  const entering = useMutation({
    mutationFn: () =>
      signIn(email.trim(), { password: password || undefined, code: code.trim() || undefined }),
    onSuccess: async (dealer) => {
      queries.setQueryData(sessionQuery.queryKey, dealer);
      await router.navigate({ to: to ?? '/' });
    },
  });
  const sending = useMutation({
    mutationFn: () => take(api.POST('/dealer/send-otp', { body: { email: email.trim() } })),
  });
  const problem = entering.error ?? sending.error;
  const message = flaw || (problem ? asProblem(problem).message : '');

  return (
    <div className={css.page}>
      <main className={css.box}>
        <Mark />
        <Title order={1}>{t.signIn.title}</Title>
        {message && (
          <Alert color="red" role="alert" variant="light">
            {message}
          </Alert>
        )}
        {sending.isSuccess && !message && (
          <Alert color="green" role="status" variant="light">
            {t.signIn.codeSent(email.trim())}
          </Alert>
        )}
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            sending.reset();
            setFlaw('');
            if (flawOf(email, password, code)) setFlaw(flawOf(email, password, code));
            else entering.mutate();
          }}
        >
          <Stack gap="md">
            <TextInput
              label={t.fields.email}
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              error={flaw !== '' && email.trim() === ''}
              autoFocus
            />
            <PasswordInput
              label={t.fields.password}
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': t.fields.showTyped }}
            />
            <TextInput
              label={t.fields.oneTimeCode}
              description={t.signIn.codeHint}
              autoComplete="one-time-code"
              maxLength={32}
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
              rightSectionWidth={104}
              rightSection={
                <Button
                  variant="subtle"
                  size="compact-sm"
                  loading={sending.isPending}
                  onClick={() => {
                    setFlaw('');
                    entering.reset();
                    if (email.trim() === '') setFlaw(t.signIn.emailFirst);
                    else sending.mutate();
                  }}
                >
                  {t.signIn.sendCode}
                </Button>
              }
            />
            <Button type="submit" loading={entering.isPending}>
              {t.signIn.title}
            </Button>
          </Stack>
        </form>
      </main>
      <footer className={css.foot}>
        <LanguageSelect size="xs" />
        <Anchor href="/docs" size="xs">
          {t.signIn.documentation}
        </Anchor>
        <Anchor component={Link} to="/licences" size="xs">
          {t.signIn.licences}
        </Anchor>
      </footer>
    </div>
  );
}

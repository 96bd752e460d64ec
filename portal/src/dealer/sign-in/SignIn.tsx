import { Alert, Anchor, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, take } from '~/shared/api/client';
import { asProblem } from '~/shared/api/problem';
import { Mark } from '~/shared/ui/Mark';
import { sessionQuery, signIn } from '../session';
import css from './sign-in.module.css';

const route = getRouteApi('/sign-in');

/** What has to be filled in first; empty if nothing. */
function flawOf(email: string, password: string, code: string): string {
  if (email.trim() === '') return 'Fill in your email.';
  if (password === '' && code === '') return 'Fill in your password, or have a one-time code sent.';
  if (password === '' && !/^\d{6}$/.test(code.trim())) return 'A one-time code has six digits.';
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
    document.title = 'Sign in · MeiSIM';
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
        <Title order={1}>Sign in</Title>
        {message && (
          <Alert color="red" role="alert" variant="light">
            {message}
          </Alert>
        )}
        {sending.isSuccess && !message && (
          <Alert color="green" role="status" variant="light">
            If {email.trim()} has an account, a code is on its way. It is good for five minutes.
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
              label="Email"
              type="email"
              autoComplete="username"
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
              autoFocus
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
            />
            <TextInput
              label="One-time code"
              description="Instead of the password: six digits that we mail to you. Beside it: of your second factor."
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
                    if (email.trim() === '') setFlaw('Fill in your email first.');
                    else sending.mutate();
                  }}
                >
                  Send code
                </Button>
              }
            />
            <Button type="submit" loading={entering.isPending}>
              Sign in
            </Button>
          </Stack>
        </form>
      </main>
      <footer className={css.foot}>
        <Anchor href="/docs" size="xs">
          API documentation
        </Anchor>
        <Anchor component={Link} to="/licences" size="xs">
          Licences
        </Anchor>
      </footer>
    </div>
  );
}

import { notifications } from '@mantine/notifications';
import { asProblem } from '../api/problem';
import { words } from '../text/words';

/** Says that something was done. */
export function told(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 5000 });
}

/** Says why something was not done, where there is no better place for it. */
export function failed(error: unknown): void {
  notifications.show({
    title: words.failed,
    message: asProblem(error).message,
    color: 'red',
    autoClose: 10000,
  });
}

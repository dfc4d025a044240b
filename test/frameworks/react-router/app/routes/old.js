import { redirect } from 'react-router';

export const loader = ({ request }) => redirect(`/items/1${new URL(request.url).search}`, 301);

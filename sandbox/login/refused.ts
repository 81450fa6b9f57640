/** An OAuth 2 refusal in the words of Microsoft Entra: `{ error, error_description: 'AADSTS…' }`. */
export class Refused extends Error {
	constructor(
		readonly error: string,
		readonly aadsts: number,
		message: string,
		readonly status = 400,
	) {
		super(message);
	}
}

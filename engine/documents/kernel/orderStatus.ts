/** Steps of `submitstatus` of an order in CRM, in the order in which an order goes through them. The numbers are our own; the column takes any. */
export const STATUS = {
	imported: 10,
	inReview: 20,
	released: 30,
	partlyShipped: 40,
	shipped: 50,
	partlyInvoiced: 60,
	invoiced: 70,
	partlyPaid: 80,
	paid: 90,
	canceled: 95,
} as const;

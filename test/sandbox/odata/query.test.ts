import { parseQuery, QuerySyntaxError, splitTop } from '../../../sandbox/odata/query';

describe('a query string', () => {
	test('is split before it is decoded, and + is a blank', () => {
		const query = parseQuery("$filter=name%20eq%20'A%26B'+or+name+eq+'x%2By'&$top=5&$count=true&tag=hello");
		expect(query).toMatchObject({ filter: "name eq 'A&B' or name eq 'x+y'", top: 5, count: true });
		expect(query.other.get('tag')).toBe('hello');
	});

	test('expands nest, with options between semicolons', () => {
		const query = parseQuery(
			"$select=name,accountnumber&$expand=primarycontactid($select=fullname,emailaddress1),order_details($filter=description eq 'a;b,(c';$orderby=quantity desc;$expand=productid($select=name)),ownerid/$ref",
		);
		expect(query.select).toEqual(['name', 'accountnumber']);
		expect(query.expand).toMatchObject([
			{ property: 'primarycontactid', ref: false, options: { select: ['fullname', 'emailaddress1'] } },
			{
				property: 'order_details',
				options: {
					filter: "description eq 'a;b,(c'",
					orderby: [{ path: ['quantity'], descending: true }],
					expand: [{ property: 'productid', options: { select: ['name'] } }],
				},
			},
			{ property: 'ownerid', ref: true },
		]);
	});

	test('orders by several paths', () => {
		expect(parseQuery('$orderby=modifiedon asc,primarycontactid/fullname desc').orderby).toEqual([
			{ path: ['modifiedon'], descending: false },
			{ path: ['primarycontactid', 'fullname'], descending: true },
		]);
	});

	test('keeps aliases and tokens', () => {
		const query = parseQuery("$filter=name eq @p1&@p1='x'&$skiptoken=%3Ccookie%20%2F%3E&$deltatoken=1%212");
		expect(query.aliases.get('@p1')).toBe("'x'");
		expect(query).toMatchObject({ skiptoken: '<cookie />', deltatoken: '1!2' });
	});

	test.each(['$top=-1', '$top=x', '$count=maybe', '$orderby=name sideways', '$expand=a($select=b'])('%s is refused', (text) => {
		expect(() => parseQuery(text)).toThrow(QuerySyntaxError);
	});

	test('separators in quotes and parentheses do not split', () => {
		expect(splitTop("a(b,c),'d,e',f", ',')).toEqual(['a(b,c)', "'d,e'", 'f']);
	});
});

import { AdaptiveSize } from '../../../engine/systems/dataverse/adaptiveSize';

describe('sizes of batches of Dataverse', () => {
	it('a burst is wide; the longer a run, the more goes into a batch', () => {
		const sizer = new AdaptiveSize(100);
		expect(sizer.size(500, 50)).toBe(10);
		for (let batch = 0; batch < 100; batch++) sizer.took(10, 230);
		expect(sizer.size(500, 50)).toBe(25);
		for (let batch = 0; batch < 200; batch++) sizer.took(25, 530);
		expect(sizer.size(500, 50)).toBe(60);
		expect(sizer.size(5_000, 50)).toBe(100);
	});

	it('when the requests of five minutes run out, they are not spent on small batches', () => {
		let left = 6_000;
		const sizer = new AdaptiveSize(100, () => left);
		expect(sizer.size(1_000, 50)).toBe(20);
		left = 400;
		expect(sizer.size(1_000, 50)).toBe(100);
		left = 0;
		expect(sizer.size(1_000, 50)).toBe(100);
	});

	it('full batches that are quick allow larger ones, slow ones smaller ones, down to ten', () => {
		const sizer = new AdaptiveSize(100);
		sizer.took(100, 2_000);
		expect(sizer.size(10_000, 4)).toBe(200);
		sizer.took(200, 40_000);
		expect(sizer.size(10_000, 4)).toBe(50);
		sizer.took(50, 600_000);
		expect(sizer.size(10_000, 4)).toBe(10);
	});

	it('part batches tell nothing about how much is possible', () => {
		const sizer = new AdaptiveSize(100);
		sizer.took(10, 100);
		expect(sizer.size(10_000, 4)).toBe(100);
	});
});

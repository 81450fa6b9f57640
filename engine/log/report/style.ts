import { Html } from './escape';

/** Colours on white, as written into each element: mail clients drop style sheets, and some of them invert light pages by themselves. */
const C = {
	text: '#1f2933',
	muted: '#5f6b7a',
	line: '#e3e8ee',
	soft: '#f5f7fa',
	good: '#0f766e',
	bad: '#b42318',
	warn: '#92400e',
	goodSoft: '#e6f4f1',
	badSoft: '#fdecea',
	warnSoft: '#fdf3e1',
	link: '#0b5cad',
};

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

/** Inline styles by role. Each role is also a class, which dark mode, print and narrow screens get at. */
const ROLES = {
	page: `margin:0;padding:0;background:#ffffff;color:${C.text};${font};font-size:14px;line-height:1.5`,
	wrap: 'max-width:880px;margin:0 auto;padding:28px 24px 40px',
	h1: `margin:0;font-size:22px;line-height:1.3;font-weight:650;color:${C.text}`,
	h2: `margin:36px 0 4px;font-size:16px;line-height:1.3;font-weight:650;color:${C.text}`,
	muted: `color:${C.muted};font-size:13px`,
	lead: `margin:0 0 12px;color:${C.muted};font-size:13px`,
	goodBox: `margin:18px 0 0;padding:12px 16px;border-radius:8px;background:${C.goodSoft};color:${C.good};font-size:15px`,
	badBox: `margin:18px 0 0;padding:12px 16px;border-radius:8px;background:${C.badSoft};color:${C.bad};font-size:15px`,
	warnBox: `margin:10px 0 0;padding:12px 16px;border-radius:8px;background:${C.warnSoft};color:${C.warn};font-size:14px`,
	cards: 'width:100%;width:calc(100% + 16px);border-collapse:separate;border-spacing:8px 8px;margin:14px -8px 0',
	card: `padding:12px 14px;border:1px solid ${C.line};border-radius:8px;vertical-align:top;width:25%`,
	big: `display:block;font-size:24px;line-height:1.2;font-weight:650;color:${C.text}`,
	bigBad: `display:block;font-size:24px;line-height:1.2;font-weight:650;color:${C.bad}`,
	table: 'width:100%;border-collapse:collapse;margin-top:8px',
	th: `padding:8px 10px 8px 0;text-align:left;font-size:12px;font-weight:600;color:${C.muted};border-bottom:1px solid ${C.line};vertical-align:bottom`,
	thNumber: `padding:8px 10px 8px 0;text-align:right;font-size:12px;font-weight:600;color:${C.muted};border-bottom:1px solid ${C.line};vertical-align:bottom`,
	td: `padding:9px 10px 9px 0;border-bottom:1px solid ${C.line};vertical-align:top;overflow-wrap:anywhere`,
	number: `padding:9px 10px 9px 0;border-bottom:1px solid ${C.line};vertical-align:top;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums`,
	figure: 'color:inherit',
	zero: `color:${C.muted}`,
	badText: `color:${C.bad};font-weight:600`,
	goodText: `color:${C.good};font-weight:600`,
	link: `color:${C.link};text-decoration:underline`,
	badge: `display:inline-block;padding:1px 8px;border-radius:10px;font-size:12px;white-space:nowrap;background:${C.soft};color:${C.muted}`,
	badBadge: `display:inline-block;padding:1px 8px;border-radius:10px;font-size:12px;white-space:nowrap;background:${C.badSoft};color:${C.bad}`,
	warnBadge: `display:inline-block;padding:1px 8px;border-radius:10px;font-size:12px;white-space:nowrap;background:${C.warnSoft};color:${C.warn}`,
	hint: `display:block;margin-top:3px;color:${C.muted};font-size:13px`,
	chart: 'width:100%;border-collapse:collapse;table-layout:fixed;margin-top:10px',
	slot: `padding:0 1px;height:96px;vertical-align:bottom;border-bottom:1px solid ${C.line}`,
	bar: `background:${C.good};font-size:0;line-height:0;border-radius:2px 2px 0 0`,
	badBar: `background:#d64545;font-size:0;line-height:0;border-radius:2px 2px 0 0`,
	idle: `background:${C.line};font-size:0;line-height:0`,
	axis: `padding:4px 0 0;font-size:11px;color:${C.muted};text-align:left;white-space:nowrap;overflow:visible`,
	foot: `margin-top:40px;padding-top:12px;border-top:1px solid ${C.line};color:${C.muted};font-size:12px`,
} as const;

export type Role = keyof typeof ROLES;

/** `class` and `style` of an element with this role. */
export const as = (role: Role, more = ''): Html => new Html(`class="${role}" style="${ROLES[role]}${more ? `;${more}` : ''}"`);

/** What inline styles cannot say: dark screens, narrow ones, paper. Clients that drop it still show the page as designed for white. */
export const SHEET = new Html(`
:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.page{background:#14181d!important;color:#e4e8ed!important}
.h1,.h2,.big{color:#f2f5f8!important}
.muted,.lead,.hint,.th,.thNumber,.zero,.axis,.foot{color:#9aa7b5!important}
.card,.th,.thNumber,.td,.number,.slot,.foot{border-color:#303843!important}
.goodBox{background:#0f2e2b!important;color:#7fd6c9!important}
.badBox{background:#3a1715!important;color:#ffb4ab!important}
.warnBox{background:#38280e!important;color:#f3cd8a!important}
.badge{background:#262d36!important;color:#9aa7b5!important}
.badBadge{background:#3a1715!important;color:#ffb4ab!important}
.warnBadge{background:#38280e!important;color:#f3cd8a!important}
.bigBad,.badText{color:#ff8a80!important}
.goodText{color:#7fd6c9!important}
.link{color:#7db8f5!important}
.bar{background:#2f9e90!important}
.badBar{background:#e06a62!important}
.idle{background:#303843!important}
}
@media (max-width:640px){
.wrap{padding:18px 14px 32px!important}
.cards,.cards tbody{display:block!important;width:auto!important;margin:14px 0 0!important}
.cards tr{display:flex!important;flex-wrap:wrap!important}
.card{display:block!important;width:auto!important;flex:1 1 38%!important;margin:4px!important}
.table thead{display:none!important}
.table,.table tbody,.table tr,.table td{display:block!important;width:auto!important;text-align:left!important}
.table tr{padding:10px 0!important;border-bottom:1px solid #8884!important}
.table td{padding:2px 0!important;border:0!important;white-space:normal!important}
.table td[data-label]:before{content:attr(data-label);display:block;margin-top:4px;font-size:11px;letter-spacing:.03em;text-transform:uppercase;opacity:.6}
.table td:first-child[data-label]:before{display:none}
.table td.number{display:inline-block!important;margin-right:18px!important}
.slot{height:72px!important}
}
@media print{
.page{background:#fff!important;color:#000!important;font-size:11px!important}
.wrap{max-width:none!important;padding:0!important}
.h2{break-after:avoid}
.table tr,.card,.chart{break-inside:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}`);

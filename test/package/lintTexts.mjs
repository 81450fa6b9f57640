/** Lints texts as if they were files of the project (stdin: [{ file, code }]; stdout: messages per text). Type information would need real files. */
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { text } from 'node:stream/consumers';

const eslint = new ESLint({
	overrideConfig: [
		{
			files: ['**/*.ts'],
			extends: [tseslint.configs.disableTypeChecked],
			languageOptions: { parserOptions: { projectService: false, project: null, program: null } },
		},
	].flatMap(({ extends: [base], ...own }) => [{ ...base, ...own }]),
});

const answers = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
	const [result] = await eslint.lintText(code, { filePath: file });
	answers.push(result.messages.map((message) => ({ rule: message.ruleId, text: message.message })));
}
process.stdout.write(JSON.stringify(answers));

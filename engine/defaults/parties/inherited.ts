/** Fields of an address, by the keys they have in all mappings of parties and contacts. A person follows its company's address as a whole or not at all. */
export const ADDRESS = ['address1_line1', 'address1_line2', 'address1_postalcode', 'address1_city', 'address1_stateorprovince'];

/** Fields that a person follows one by one. */
export const SINGLE = ['address1_country', 'emailaddress1', 'fax', 'websiteurl', 'mobilephone', 'telephone1'];

/**
 * What a person of Business Central inherits from its company, by what Marketing Setup says (table Contact, InheritCompanyToPersonData and OnModify,
 * https://github.com/StefanMaron/MSDyn365BC.Code.History): when it is given one, the salesperson, the country, and what is blank or the old company's;
 * when the company changes, what was the company's before.
 */
export const INHERITED = ['ownerid', ...ADDRESS, ...SINGLE];

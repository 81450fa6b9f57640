/** Which of the two systems. `crm` is Dynamics 365 Sales / Dataverse. */
export type Side = 'businessCentral' | 'crm';

export const otherSide = (side: Side): Side => (side === 'businessCentral' ? 'crm' : 'businessCentral');

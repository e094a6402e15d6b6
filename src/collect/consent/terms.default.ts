/** Terms for a site whose operator has written none: what the software does, in plain words. */
export const defaultTerms = {
  title: 'Before you chat',
  text: `You are about to talk with language models on a site that collects conversations for research.

**What is collected.** Your messages, the models’ answers, the time, your settings, and your votes, flags and comments. Your address on the internet is not kept: it becomes a keyed code that cannot be turned back without a secret of this site.

**What happens with it.** Conversations may be released as a public dataset, after names, addresses, numbers and other personal data that our software finds have been taken out. It does not find everything: **do not write anything that you would not want to be read by others.** Anyone who accepts the dataset’s licence may read it, study it and train models with it.

**What you can do.** You can chat without being kept: choose “Do not keep this chat”, and nothing of it is written down. You can take your consent back at any time, with the receipt code that you get when you accept, on this site’s withdrawal page: your conversations are then deleted here, left out of every later release, and the people who publish the data are told.

**What models say.** Answers can be wrong, hurtful or dangerous. Do not rely on them for health, law or money. Do not use this site for anything illegal, hateful, violent, or sexual with minors.`,
  licence: { name: 'the licence of the dataset, which its page shows', url: null },
  minimumAge: 18,
  jurisdictions: null,
  contact: null,
}

/** English as assistants and programs write it, with names rarely: capitals that are nobody. Slots as in templates.ts. */
export const plain = `Additionally, the method is easy to implement.
Hence, the number that should fill the blank is {D}.
Furthermore, the results show a clear trend in {Y}.
Therefore, we can conclude that the answer is {D}.
Finally, click Save and restart {X}.
Consequently, sales of {O} fell in {M}.
Moreover, {X} supports both Windows and Linux.
Nonetheless, many people prefer {X}.
Alternatively, use {X} or {X} instead.
Similarly, the Euclidean distance between the points is {D}.
Note: Always back up your data before upgrading {X}.
Overall, {X} is a good choice for small teams.
Firstly, open the Control Panel. Secondly, choose Network Settings.
The boiling point of water is 373 Kelvin or 212 degrees Fahrenheit.
The Gaussian distribution and the Poisson process are common in statistics.
Mercury, Venus, Earth and Mars are the inner planets. Jupiter, Saturn, Uranus and Neptune are the outer ones.
Parkinson's disease and Alzheimer's disease affect the brain.
Solving a Rubik's Cube takes practice.
The Doppler effect changes the pitch of the siren.
Plan A costs {D} dollars, while Plan B costs {D} dollars.
Option A is cheaper. Option B is faster.
Step One: Gather the Ingredients. Step Two: Preheat the Oven.
1. Introduction\\n2. Literature Review\\n3. Methodology\\n4. Results and Discussion\\n5. Conclusion
**Pros:** Easy to learn. **Cons:** Slow on large data.
## Frequently Asked Questions
Title: The Future of Work in the Age of Automation
Subject: Request for Leave on {D} {M}
Dear Customer Support Team,
Dear Sir or Madam,
To Whom It May Concern,
Thank you for choosing {O}.
Deep Learning, Computer Vision and Natural Language Processing are subfields of Artificial Intelligence.
Perceptrons and Convolutional Neural Networks are trained with Backpropagation.
Use a Support Vector Machine, a Random Forest or Logistic Regression.
The Bayesian approach differs from the Frequentist one.
The Industrial Revolution began in {K} in the eighteenth century.
The French Revolution, the Cold War and the Great Depression changed Europe.
The Renaissance and the Enlightenment followed the Middle Ages.
Newtonian mechanics and General Relativity differ.
Photosynthesis takes place in the Chloroplasts of plants.
Vitamin C, Omega-3 and Iron are important nutrients.
Monday: Chest and Triceps. Tuesday: Back and Biceps. Wednesday: Rest.
Breakfast: Oatmeal with Berries. Lunch: Grilled Chicken Salad. Dinner: Salmon with Quinoa.
Add the Parmesan, Mozzarella and Basil, then drizzle with Olive Oil.
Pair it with a Chardonnay or a Cabernet Sauvignon.
Golden Retrievers, Labradors and German Shepherds are popular dogs.
The Bengal tiger lives in {K} and the Komodo dragon in {K}.
Return True if the list is sorted, otherwise False.
return True
return None if not items else max(items)
def strlen(text): return len(text)
if name.isalpha() and name.isupper(): maxlen = len(name)
const total = items.reduce((sum, item) => sum + item, 0)
import pandas as pd
from sklearn.linear_model import LinearRegression
System.out.println("Hello World");
public static void main(String[] args) {
SELECT MAX(day) AS valid_to FROM events WHERE city = '{C}';
print(math.ceil(histogram[key]))
npm install express mongoose dotenv
sudo apt-get install {X}
docker run -d -p 80:80 nginx
Error: Cannot find module 'express'
The function isPrime returns a Boolean.
The Collatz sequence and the Fibonacci sequence are defined recursively.
Compute the Elo rating of a Chess player.
Tools like Maven, Gradle, Jenkins and Ansible automate builds.
Services such as Snowflake, Databricks, Fivetran and Airbyte move data.
Log in to your Citrix account and open the Dashboard.
Models such as BERT, RoBERTa and LLaMA are Transformers.
{O} and {O} announced a partnership in {C}.
{O} ({C}) reported revenue of {D} million.
The capital of {K} is {C}, and its largest river is the {C}.
The drive from {C} to {C} takes three hours via {C}.
{C}, {C} and {C} are worth a visit in {M}.
Visit the {C} Cathedral, the Old Town and the {C} Museum of Modern Art.
{W} and {W} are classics of the genre.
In {W}, the hero travels from {C} to {C}.
Mr. President, Ladies and Gentlemen,
Sir, this is a Wendy's.
Good Morning America is a show on ABC.
The Supreme Court and the Senate disagreed.
Congress passed the Clean Air Act in {Y}.
The Catholic Church, Islam, Buddhism and Hinduism are religions.
Christmas, Easter, Ramadan and Diwali are holidays.
An Aries gets along with a Leo or a Sagittarius.
Player One moves the Bishop, and Player Two takes the Queen.
The King and the Queen of Hearts are cards.
Mother Nature and Father Time are figures of speech.
He plays Violin and Piano; she studies Law and Medicine.
We use Scrum, Kanban and Agile methods.
Happy Halloween! Merry Christmas! Happy Mother's Day!
This suggests that {K} should not leave the union.
Many experts say that {K} used to export more wheat than {K}.
If {K} wants to grow, {K} must invest.
{K} will vote in {M}, because {K} helps {K}.
{K} beat {K} in the final.
{K} and {K} signed, while {K} refused.
A company from {C} bought the firm.
The factory in {C} closed; {C} lost its jobs.
I think {C} is nicer than {C} in {M}.
{C} hosted the games, and {C} lost the bid.
{K} announced new rules; {K}'s parliament agreed.
He left {K} for {K}. She moved from {C} to {C}.
{O} says it will open a plant in {C}.
Ask {O} for a refund.
Can you bob your head and roger that message?
Please mark the date and bill the customer, then grant access.
A jack, a bobby pin and a roger wilco.
Send her a valentine with a rose and a lily.
The brook is in the glen, and the warren is on the heath.`

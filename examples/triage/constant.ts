/** The floor: the same intent for every question, one of the most frequent in the training data. No model. */
export function answer(): { answer: string; costUsd: number } {
  return { answer: 'card_payment_fee_charged', costUsd: 0 };
}

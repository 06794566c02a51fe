/**
 * English words that carry structure, not content. Negations, yes and no are not among them: an answer turns on them.
 */
export const functionWords: ReadonlySet<string> = new Set(
  (
    'a about above after again against all also although am an and any are as at be because been before being below ' +
    'between both but by can could did do does doing down during each either else ever few for from further had has ' +
    'have having he her here hers herself him himself his how however i if in into is it its itself just like may me ' +
    'might more most much must my myself of off often on once one only or other our ours ourselves out over own per ' +
    'quite rather s same shall she should since so some such t than that the their theirs them themselves then there ' +
    'therefore these they this those though through thus to too under until up upon us very was we were what when ' +
    'where whether which while who whom whose why will with within would yet you your yours yourself yourselves'
  ).split(' '),
);

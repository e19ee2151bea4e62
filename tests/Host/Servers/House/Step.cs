using System;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>One message of a protocol: who sends it, and how it goes on from what came before.</summary>
/// <param name="Actor">The child.</param>
/// <param name="Do">Sends it.</param>
/// <param name="TakesMore">The answer is NotYet: it is asked for again in the next step.</param>
internal readonly record struct Step(int Actor, Action<Course> Do, bool TakesMore = false);

using System;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>One message of a protocol: who sends it, and how it goes on from what came before.</summary>
internal readonly record struct Step(int Actor, Action<Course> Do);

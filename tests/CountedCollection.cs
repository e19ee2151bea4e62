using System.Collections.Generic;
using System.Linq;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(Skerry.Tests.CountedCollection.First))]

namespace Skerry.Tests;

/// <summary>
/// Tests whose machines all run with counted instructions: one at a time, beside tests that start none. Such a machine takes
/// one CPU of the host, and what it counts is the same however little of it.
/// </summary>
[CollectionDefinition(Name)]
public sealed class CountedCollection
{
    public const string Name = "counted QEMU";

    /// <summary>It takes longer than any other that has company, so it begins before them.</summary>
    public sealed class First : ITestCollectionOrderer
    {
        public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(
            IReadOnlyCollection<TTestCollection> testCollections
        )
            where TTestCollection : ITestCollection =>
            [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName == Name)];
    }
}
